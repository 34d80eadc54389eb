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
	&cli_command_bind,
	&cli_command_unbind,
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int print_help(void)
{
	size_t i;

	printf("Usage: oriel COMMAND [ARGUMENTS] [OPTIONS]\n\n"
	       "Device memory and kernel buffers by name.\n\nCommands:\n");
	for (i = 0; i < NR_COMMANDS; i++)
		printf("  %-6s %-32s %s\n", commands[i]->name,
		       commands[i]->arguments, commands[i]->summary);
	printf("\n"
	       "DEVICE is a name from 'oriel list', a path, or a PCI address (03:00.0).\n"
	       "REGION is a name or an index from 'oriel info'.\n"
	       "Numbers are decimal or 0x..., with K, M or G for powers of 1024.\n\n"
	       "Options:\n"
	       "  -w, --width BITS  width of one access: 8, 16, 32 or 64 (default: 32)\n"
	       "  -j, --json        print JSON (list, info, read)\n"
	       "  -f, --force       take a device from another driver (bind)\n"
	       "  -h, --help        this text; after a command, more about it\n"
	       "  -V, --version     the version\n\n"
	       "Exit status: 0 done, 1 could not be done, 2 makes no sense.\n");

	return CLI_OK;
}

static int print_command_help(const struct cli_command *command)
{
	printf("Usage: oriel %s%s%s%s%s%s\n\n%c%s.\n%s", command->name,
	       command->arguments[0] ? " " : "", command->arguments,
	       command->takes & CLI_TAKES_WIDTH ? " [--width 8|16|32|64]" : "",
	       command->takes & CLI_TAKES_JSON ? " [--json]" : "",
	       command->takes & CLI_TAKES_FORCE ? " [--force]" : "",
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

/* Return: 0, an exit status with its message printed, or -1 for --help. */
static int parse_options(const struct cli_command *command, int argc,
			 char **argv, struct cli_options *options)
{
	static const struct option long_options[] = {
		{ "width", required_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{ "force", no_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":w:jfh", long_options, NULL)) != -1) {
		if (option == 'h')
			return -1;

		if (option == 'w' && (command->takes & CLI_TAKES_WIDTH)) {
			status = cli_parse_width(optarg, &options->width_bits);
			if (status)
				return status;
		} else if (option == 'j' && (command->takes & CLI_TAKES_JSON)) {
			options->json = true;
		} else if (option == 'f' && (command->takes & CLI_TAKES_FORCE)) {
			options->force = true;
		} else {
			const char *given = option == 'w' ? "--width" : argv[optind - 1];

			return bad_option(command, option, given);
		}
	}

	options->nr_args = argc - optind;
	options->args = argv + optind;
	if (options->nr_args < command->min_args)
		return cli_usage_error("%s: an argument is missing; it wants %s.",
				       command->name, command->arguments);
	if (options->nr_args > command->max_args)
		return cli_usage_error("%s: there is an argument too many: \"%s\".",
				       command->name, options->args[command->max_args]);

	return CLI_OK;
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
