// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel create, oriel remove: named buffers, through configfs alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define BUFFERS		"/sys/kernel/config/oriel/buffers"
#define PATH_BYTES	256

/*
 * @kind:        as the user calls it; the kernel has the last word
 * @device:      name of a node, or ""
 * @bus_address: as the kernel prints it, or ""
 */
struct named {
	const char *name;
	const char *kind;
	uint64_t size_bytes;
	char device[ORIEL_PATH_BYTES];
	char bus_address[32];
};

static void named_path(char *path, const char *name, const char *file)
{
	snprintf(path, PATH_BYTES, BUFFERS "/%.64s%s%.32s", name, file[0] ? "/" : "", file);
}

/* 0 or a negative errno */
static int write_file(const char *name, const char *file, const char *text)
{
	char path[PATH_BYTES];
	int err, fd;

	named_path(path, name, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);

	return err;
}

/* Without the newline; 0 or a negative errno */
static int read_file(const char *name, const char *file, char *text, size_t size_bytes)
{
	char path[PATH_BYTES];
	ssize_t length;
	int fd;

	text[0] = '\0';
	named_path(path, name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, text, size_bytes - 1);
	if (length < 0)
		length = -errno;
	close(fd);
	if (length < 0)
		return (int)length;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';

	return 0;
}

/* So that it is a directory below buffers/ and nothing else; the kernel checks the rest. */
static int check_name(const char *name)
{
	if (!name[0] || name[0] == '.' || strchr(name, '/') || strlen(name) >= ORIEL_NAME_BYTES)
		return cli_usage_error("\"%s\" is no name: at most %d of a-z, 0-9, _, . and -, not beginning with a dot.",
				       name, ORIEL_NAME_BYTES - 1);

	return CLI_OK;
}

static int fail_directory(const char *verb, const char *name, int err)
{
	if (access(BUFFERS, F_OK))
		return cli_fail("cannot %s %s: there is no " BUFFERS ". Load the oriel module (modprobe oriel) and mount configfs.",
				verb, name);
	switch (err) {
	case -EEXIST:
		return cli_fail("cannot %s %s: there is a buffer of that name. Take another one, or 'oriel remove' it.",
				verb, name);
	case -ENOENT:
		return cli_fail("cannot %s %s: there is no such named buffer. 'ls " BUFFERS "' shows them.",
				verb, name);
	case -EACCES:
		return cli_fail("cannot %s %s: permission denied. Do it as root.", verb, name);
	case -EINVAL:
		return cli_fail("cannot %s %s: it cannot be called so. Use a-z, 0-9, _, . and -; names of buses (pci-...) are reserved.",
				verb, name);
	default:
		return cli_fail("cannot %s %s: %s.", verb, name, strerror(-err));
	}
}

/* What the kernel says of the last refusal, as a sentence */
static int fail_refused(const char *name, int err)
{
	struct oriel_explain why = { .call = ORIEL_CALL_BUFFER_NAME, .error = (uint32_t)-err };
	char text[256], sentence[ORIEL_SENTENCE_BYTES];

	/* Without them, the errno has a sentence too. */
	if (!read_file(name, "refused", text, sizeof(text)))
		sscanf(text, "error=%" SCNu32 " reason=%" SCNu32 " value0=%" SCNu64
		       " value1=%" SCNu64 " name=%63s", &why.error, &why.reason,
		       (uint64_t *)&why.value[0], (uint64_t *)&why.value[1], why.name);
	oriel_explain_describe(&why, sentence, sizeof(sentence));

	return cli_fail("%s: %s", name, sentence);
}

/* One is two values for the kernel: a kind, and a cache mode. */
static int fill_kind(const struct named *named)
{
	int err;

	if (strcmp(named->kind, "writecombine"))
		return write_file(named->name, "kind", named->kind);
	err = write_file(named->name, "kind", "coherent");

	return err ? err : write_file(named->name, "cache", "write-combined");
}

/* A directory is there, with nothing in it. */
static int fill(struct named *named)
{
	char size[32];
	int err;

	snprintf(size, sizeof(size), "%" PRIu64, named->size_bytes);
	err = write_file(named->name, "size", size);
	if (!err)
		err = fill_kind(named);
	if (!err && named->device[0])
		err = write_file(named->name, "device", named->device);
	if (!err)
		err = write_file(named->name, "live", "1");
	if (err)
		return fail_refused(named->name, err);
	/* One that has none says so by an error. */
	read_file(named->name, "bus_address", named->bus_address, sizeof(named->bus_address));

	return CLI_OK;
}

static void print(const struct named *named)
{
	printf("/dev/oriel/%s\n", named->name);
	if (named->bus_address[0])
		printf("bus address %s%s\n", named->bus_address, named->device[0] ? "" :
		       ", for devices that no IOMMU translates");
}

static void print_string_or_null(const char *key, const char *text)
{
	printf(", \"%s\": ", key);
	if (text[0])
		cli_json_string(stdout, text);
	else
		printf("null");
}

static void print_json(const struct named *named)
{
	printf("{\"name\": ");
	cli_json_string(stdout, named->name);
	printf(", \"size_bytes\": %" PRIu64, named->size_bytes);
	print_string_or_null("kind", named->kind);
	print_string_or_null("device", named->device);
	print_string_or_null("bus_address", named->bus_address);
	printf("}\n");
}

static int find_device(struct named *named, const char *text)
{
	char path[ORIEL_PATH_BYTES];
	int err = oriel_device_resolve(text, path, sizeof(path));

	if (err)
		return cli_fail_open(text, err);
	snprintf(named->device, sizeof(named->device), "%s",
		 strrchr(path, '/') ? strrchr(path, '/') + 1 : path);

	return CLI_OK;
}

static int run_create(const struct cli_options *options)
{
	struct named named = { .name = options->args[0], .kind = "scattered" };
	char path[PATH_BYTES];
	int status;

	status = check_name(named.name);
	if (!status)
		status = cli_parse_bytes("the size", options->args[1], &named.size_bytes);
	if (!status && options->nr_args > 2)
		named.kind = options->args[2];
	if (!status && options->nr_args > 3)
		status = find_device(&named, options->args[3]);
	if (status)
		return status;

	named_path(path, named.name, "");
	if (mkdir(path, 0755))
		return fail_directory("create", named.name, -errno);
	status = fill(&named);
	if (status)
		rmdir(path);
	else if (options->json)
		print_json(&named);
	else
		print(&named);

	return status;
}

static int run_remove(const struct cli_options *options)
{
	const char *name = options->args[0];
	char path[PATH_BYTES];
	int err, status;

	status = check_name(name);
	if (status)
		return status;
	named_path(path, name, "");
	if (!rmdir(path))
		return CLI_OK;
	err = -errno;
	/* A directory that the module parameter made stays; its memory need not. */
	if (err == -EPERM)
		err = write_file(name, "live", "0");

	return err ? fail_directory("remove", name, err) : CLI_OK;
}

const struct cli_command cli_command_create = {
	.name = "create",
	.arguments = "NAME SIZE [KIND [DEVICE]]",
	.summary = "makes a named buffer",
	.help = "Memory that is /dev/oriel/NAME until 'oriel remove NAME', whoever crashes. KIND\n"
		"is scattered (if not given), contig, coherent or writecombine. With DEVICE, it is\n"
		"mapped for that device; prints the node and, where there is one, the bus address.\n",
	.min_args = 2,
	.max_args = 4,
	.takes = CLI_TAKES_JSON,
	.run = run_create,
};

const struct cli_command cli_command_remove = {
	.name = "remove",
	.arguments = "NAME",
	.summary = "takes a named buffer away",
	.help = "Who has it mapped keeps the memory until he unmaps it.\n",
	.min_args = 1,
	.max_args = 1,
	.run = run_remove,
};
