/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the oriel command share.
 */
#ifndef _ORIEL_CLI_H
#define _ORIEL_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <oriel.h>

/* Exit statuses */
#define CLI_OK		0
#define CLI_FAILED	1 /* what was asked for could not be done */
#define CLI_USAGE	2 /* what was asked for makes no sense */

/* ---- commands: one file each, called by main.c --------------------------- */

/*
 * @width_bits: 0 if not given
 * @args:       what is no option; commands find between min_args and max_args
 */
struct cli_options {
	unsigned int width_bits;
	bool json;
	bool force;
	int nr_args;
	char **args;
};

/* Options that a command takes besides --help */
#define CLI_TAKES_WIDTH	(1u << 0)
#define CLI_TAKES_JSON	(1u << 1)
#define CLI_TAKES_FORCE	(1u << 2)

struct cli_command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *help;
	int min_args;
	int max_args;
	unsigned int takes;
	int (*run)(const struct cli_options *options);
};

extern const struct cli_command cli_command_bind;
extern const struct cli_command cli_command_dump;
extern const struct cli_command cli_command_info;
extern const struct cli_command cli_command_list;
extern const struct cli_command cli_command_read;
extern const struct cli_command cli_command_unbind;
extern const struct cli_command cli_command_write;

/* ---- error.c: one line on standard error; they return the exit status ---- */

int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_fail_open(const char *device_name, int err);
int cli_fail_call(struct oriel_device *device, const char *device_name,
		  const char *region_name, int err);

/* ---- number.c: 0 or an exit status, message printed ---------------------- */

int cli_parse_bytes(const char *what, const char *text, uint64_t *bytes);
int cli_parse_width(const char *text, unsigned int *width_bits);
int cli_parse_value(const char *text, unsigned int width_bits, uint64_t *value);
int cli_check_aligned(const char *what, uint64_t bytes, unsigned int width_bits);

/* ---- target.c: a region of a device, as two arguments name it ------------ */

struct cli_target {
	const char *device_name;
	const char *region_name;
	struct oriel_device *device;
	struct oriel_region_info region;
};

/* 0, or an exit status with the message printed and nothing to close */
int cli_target_open(struct cli_target *target, char **args, bool writable);
void cli_target_close(struct cli_target *target);
int cli_target_fail(const struct cli_target *target, int err);

/* ---- window.c: single accesses ------------------------------------------ */

/*
 * A range of a region through which values go, each by one access of its width:
 * a volatile load or store where the region can be mapped, else one pread() or
 * pwrite(). @mapping is NULL in the second case.
 */
struct cli_window {
	const struct cli_target *target;
	struct oriel_mapping *mapping;
	uint64_t offset_bytes;
};

/* Without 64-bit accesses such values go by pread(), and these are not called. */
#if ORIEL_HAVE_ACCESS64
#define cli_load64(address)		oriel_read64(address)
#define cli_store64(address, value)	oriel_write64(address, value)
#else
#define cli_load64(address)		((void)(address), (uint64_t)0)
#define cli_store64(address, value)	((void)(address), (void)(value))
#endif

/* These return 0, or an exit status with the message printed. */
int cli_window_open(struct cli_window *window, const struct cli_target *target,
		    uint64_t offset_bytes, uint64_t length_bytes,
		    unsigned int width_bits, int prot);
int cli_window_read(struct cli_window *window, uint64_t offset_bytes,
		    unsigned int width_bits, uint64_t *value);
int cli_window_write(struct cli_window *window, uint64_t offset_bytes,
		     unsigned int width_bits, uint64_t value);
void cli_window_close(struct cli_window *window);

/* ---- json.c -------------------------------------------------------------- */

void cli_json_string(FILE *file, const char *text);

#endif /* _ORIEL_CLI_H */
