// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program next to hello.ko: nothing but open() and mmap().
 *
 *	hello-user [NODE [XOR]]
 *
 * Writes a text into the mapped buffer, has the driver XOR it through its own
 * address, and looks at what became of it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BYTES 8192

static int ask_driver(const char *file, unsigned int key)
{
	FILE *f = fopen(file, "w");

	if (!f)
		return -1;
	fprintf(f, "%u\n", key);
	return fclose(f);
}

int main(int argc, char **argv)
{
	const char *node = argc > 1 ? argv[1] : "/dev/oriel/hello";
	const char *xor = argc > 2 ? argv[2] : "/sys/class/oriel/hello/xor";
	static const char text[] = "HelloFromTheProgram";
	volatile unsigned char *buffer;
	size_t i;
	int fd;

	fd = open(node, O_RDWR);
	if (fd < 0) {
		perror(node);
		return EXIT_FAILURE;
	}
	buffer = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (buffer == MAP_FAILED) {
		perror("mmap");
		return EXIT_FAILURE;
	}
	close(fd); /* the mapping stays */

	for (i = 0; i < sizeof(text); i++)
		buffer[i] = text[i];
	printf("program wrote:  \"%s\"\n", text);

	if (ask_driver(xor, 0x20)) {
		perror(xor);
		return EXIT_FAILURE;
	}
	printf("driver XORed every byte with 0x20, in place\nprogram sees:   \"");
	for (i = 0; i < sizeof(text) - 1; i++) {
		putchar(buffer[i]);
		if (buffer[i] != (text[i] ^ 0x20)) {
			printf("\"\nbyte %zu is wrong\n", i);
			return EXIT_FAILURE;
		}
	}
	printf("\"\n");

	munmap((void *)buffer, BYTES);
	return EXIT_SUCCESS;
}
