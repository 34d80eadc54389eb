// SPDX-License-Identifier: GPL-2.0-only
/*
 * The oriel command: finds the subcommand, reads its options, runs it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const struct cli_command *const commands[] = {
	&cli_command_list,
	&cli_command_info,
	&cli_command_read,
	&cli_command_write,
	&cli_command_dump,
	&cli_command_load,
	&cli_command_save,
	&cli_command_fill,
	&cli_command_irq,
	&cli_command_maps,
	&cli_command_verify,
	&cli_command_alloc,
	&cli_command_create,
	&cli_command_remove,
	&cli_command_doctor,
	&cli_command_bind,
	&cli_command_unbind,
	&cli_command_by_id,
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int print_help(void)
{
	size_t i;

	printf("Usage: oriel COMMAND [ARGUMENTS] [OPTIONS]\n\n"
	       "Device memory and kernel buffers by name.\n\nCommands:\n");
	for (i = 0; i < NR_COMMANDS; i++)
		printf("  %-6s %-37s %s\n", commands[i]->name,
		       commands[i]->arguments, commands[i]->summary);
	printf("\n"
	       "DEVICE is a name from 'oriel list', a path, or a PCI address (03:00.0).\n"
	       "REGION is a name or an index from 'oriel info'.\n"
	       "Numbers are decimal or 0x..., with K, M or G for powers of 1024.\n\n"
	       "Options:\n"
	       "  -w, --width BITS  width of one access: 8, 16, 32 or 64 (default: 32)\n"
	       "  -j, --json        print JSON (list, info, read, irq, maps, verify, alloc, create)\n"
	       "  -p, --progress    show how far it got (load, save, fill), not only on a terminal\n"
	       "  -q, --quiet       never show it\n"
	       "  -f, --force       take a device from another driver (bind), let it do DMA (irq)\n"
	       "  -P, --persist     at every boot from now on, or no longer (bind, unbind)\n"
	       "  -h, --help        this text; after a command, more about it\n"
	       "  -V, --version     the version\n\n"
	       "Exit status: 0 done, 1 could not be done, 2 makes no sense.\n");

	return CLI_OK;
}

static int print_command_help(const struct cli_command *command)
{
	printf("Usage: oriel %s%s%s%s%s%s%s%s\n\n%c%s.\n%s", command->name,
	       command->arguments[0] ? " " : "", command->arguments,
	       command->takes & CLI_TAKES_WIDTH ? " [--width 8|16|32|64]" : "",
	       command->takes & CLI_TAKES_JSON ? " [--json]" : "",
	       command->takes & CLI_TAKES_PROGRESS ? " [--progress|--quiet]" : "",
	       command->takes & CLI_TAKES_FORCE ? " [--force]" : "",
	       command->takes & CLI_TAKES_PERSIST ? " [--persist]" : "",
	       command->summary[0] - 'a' + 'A', command->summary + 1,
	       command->help);

	return CLI_OK;
}

static const struct cli_command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}

	return NULL;
}

static int bad_option(const struct cli_command *command, int option,
		      const char *argument)
{
	if (option == ':')
		return cli_usage_error("%s: option %s needs a value.",
				       command->name, argument);

	return cli_usage_error("%s: it has no option %s.", command->name,
			       argument);
}

static const struct option long_options[] = {
	{ "width", required_argument, NULL, 'w' },
	{ "json", no_argument, NULL, 'j' },
	{ "progress", no_argument, NULL, 'p' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "force", no_argument, NULL, 'f' },
	{ "persist", no_argument, NULL, 'P' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* Which CLI_TAKES_* a command needs to have an option */
static unsigned int option_takes(int option)
{
	switch (option) {
	case 'w':
		return CLI_TAKES_WIDTH;
	case 'j':
		return CLI_TAKES_JSON;
	case 'p':
	case 'q':
		return CLI_TAKES_PROGRESS;
	case 'f':
		return CLI_TAKES_FORCE;
	case 'P':
		return CLI_TAKES_PERSIST;
	default:
		return 0;
	}
}

static int set_option(struct cli_options *options, int option, const char *value)
{
	switch (option) {
	case 'w':
		return cli_parse_width(value, &options->width_bits);
	case 'j':
		options->json = true;
		break;
	case 'p':
		options->progress = true;
		break;
	case 'q':
		options->quiet = true;
		break;
	case 'f':
		options->force = true;
		break;
	case 'P':
		options->persist = true;
		break;
	}

	return CLI_OK;
}

/* As it was written; one with a value, by its name */
static const char *option_text(int option, char *const *argv)
{
	return option == 'w' ? "--width" : argv[optind - 1];
}

static int check_arguments(const struct cli_command *command,
			   const struct cli_options *options)
{
	if (options->nr_args < command->min_args)
		return cli_usage_error("%s: an argument is missing; it wants %s.",
				       command->name, command->arguments);
	if (options->nr_args > command->max_args)
		return cli_usage_error("%s: there is an argument too many: \"%s\".",
				       command->name, options->args[command->max_args]);
	if (options->progress && options->quiet)
		return cli_usage_error("%s: --progress and --quiet contradict each other.",
				       command->name);

	return CLI_OK;
}

/* Return: 0, an exit status with its message printed, or -1 for --help. */
static int parse_options(const struct cli_command *command, int argc,
			 char **argv, struct cli_options *options)
{
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":w:jpqfPh", long_options, NULL)) != -1) {
		if (option == 'h')
			return -1;
		if (!(command->takes & option_takes(option)))
			return bad_option(command, option, option_text(option, argv));

		status = set_option(options, option, optarg);
		if (status)
			return status;
	}

	options->nr_args = argc - optind;
	options->args = argv + optind;

	return check_arguments(command, options);
}

static int run_command(int argc, char **argv)
{
	struct cli_options options = { .width_bits = 0 };
	const struct cli_command *command;
	int status;

	if (argc < 2)
		return cli_usage_error("which command?");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_help();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("oriel %s\n", oriel_version_string());
		return CLI_OK;
	}

	command = find_command(argv[1]);
	if (!command)
		return cli_usage_error("there is no command \"%s\".", argv[1]);

	status = parse_options(command, argc - 1, argv + 1, &options);
	if (status < 0)
		return print_command_help(command);
	if (status)
		return status;

	return command->run(&options);
}

int main(int argc, char **argv)
{
	int status = run_command(argc, argv);

	/* A full disk or a closed pipe is a failure too. */
	if (fflush(stdout) || ferror(stdout))
		return cli_fail("cannot write to standard output: %s. Check where it goes.",
				strerror(errno));

	return status;
}
