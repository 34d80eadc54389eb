// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program next to scattered.ko: maps the whole buffer and checks that each
 * page begins with its number, as the driver wrote it.
 *
 *	scattered-user [NODE]
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *node = argc > 1 ? argv[1] : "/dev/oriel/scattered";
	size_t page_bytes = sysconf(_SC_PAGESIZE), pages, i;
	const unsigned char *buffer;
	off_t bytes;
	int fd;

	fd = open(node, O_RDONLY);
	if (fd < 0) {
		perror(node);
		return EXIT_FAILURE;
	}
	bytes = lseek(fd, 0, SEEK_END);
	if (bytes <= 0) {
		perror("lseek");
		return EXIT_FAILURE;
	}
	buffer = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	if (buffer == MAP_FAILED) {
		perror("mmap");
		return EXIT_FAILURE;
	}

	pages = bytes / page_bytes;
	for (i = 0; i < pages; i++) {
		uint64_t number = *(const volatile uint64_t *)(buffer + i * page_bytes);

		if (number != i) {
			printf("page %zu says it is page %" PRIu64 "\n", i, number);
			return EXIT_FAILURE;
		}
	}
	printf("%zu pages, each where it belongs\n", pages);

	munmap((void *)buffer, bytes);
	close(fd);
	return EXIT_SUCCESS;
}
