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
	bool persist;
	bool progress;
	bool quiet;
	int nr_args;
	char **args;
};

/* Options that a command takes besides --help */
#define CLI_TAKES_WIDTH	(1u << 0)
#define CLI_TAKES_JSON	(1u << 1)
#define CLI_TAKES_FORCE	(1u << 2)
#define CLI_TAKES_PROGRESS	(1u << 3) /* --progress and --quiet */
#define CLI_TAKES_PERSIST	(1u << 4)

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

extern const struct cli_command cli_command_alloc;
extern const struct cli_command cli_command_bind;
extern const struct cli_command cli_command_by_id;
extern const struct cli_command cli_command_create;
extern const struct cli_command cli_command_doctor;
extern const struct cli_command cli_command_dump;
extern const struct cli_command cli_command_fill;
extern const struct cli_command cli_command_info;
extern const struct cli_command cli_command_irq;
extern const struct cli_command cli_command_list;
extern const struct cli_command cli_command_load;
extern const struct cli_command cli_command_maps;
extern const struct cli_command cli_command_read;
extern const struct cli_command cli_command_remove;
extern const struct cli_command cli_command_save;
extern const struct cli_command cli_command_unbind;
extern const struct cli_command cli_command_verify;
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

/* ---- kind.c: 0 or an exit status, message printed ------------------------ */

/* As users call it, which is an allocator's name too, and what it is for the kernel. */
struct cli_kind {
	const char *name;
	uint32_t kind;	/* ORIEL_KIND_* */
	uint32_t cache;	/* ORIEL_CACHE_*, or 0 for what suits the kind */
};

/* NULL: what it is if nobody says. */
int cli_parse_kind(const char *text, const struct cli_kind **kind);

/* ---- value.c: how memory holds a value of a width ------------------------- */

void cli_value_to_bytes(uint64_t value, unsigned int width_bits, void *bytes);
uint64_t cli_value_from_bytes(const void *bytes, unsigned int width_bits);

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

/* ---- range.c: bytes of a region, as OFFSET and LENGTH name them ----------- */

/* @to_end: no length was given; cli_range_resolve() finds it */
struct cli_range {
	uint64_t offset_bytes;
	uint64_t length_bytes;
	bool to_end;
};

/* These return 0, or an exit status with the message printed. */
int cli_range_parse(struct cli_range *range, const struct cli_options *options,
		    int first_arg);
void cli_range_resolve(struct cli_range *range, const struct cli_target *target,
		       unsigned int width_bits);

/*
 * Refuse what the kernel would refuse in the middle: @call is ORIEL_CALL_READ
 * or ORIEL_CALL_WRITE, @width_bits 0 for any.
 */
int cli_range_check(const struct cli_range *range, const struct cli_target *target,
		    uint32_t call, unsigned int width_bits);

/* ---- window.c: single accesses ------------------------------------------ */

/*
 * A range of a region through which values go, each by one access of its width:
 * a volatile load or store where the region can be mapped, else one pread() or
 * pwrite(). @mapping is NULL in the second case; @touched_bytes is the place of
 * the last access, for when it fails.
 */
struct cli_window {
	const struct cli_target *target;
	struct oriel_mapping *mapping;
	uint64_t offset_bytes;
	volatile uint64_t touched_bytes;
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

/* Many values, in the order of their addresses; @width_bits 0: however it goes best */
int cli_window_copy_out(struct cli_window *window, uint64_t offset_bytes,
			unsigned int width_bits, void *buffer, size_t length_bytes);
int cli_window_copy_in(struct cli_window *window, uint64_t offset_bytes,
		       unsigned int width_bits, const void *buffer, size_t length_bytes);

/* ---- transfer.c: a range, piece by piece, with a bar, until Ctrl-C -------- */

#define CLI_PIECE_BYTES	(64u << 10)

struct cli_transfer {
	struct cli_target target;
	struct cli_window window;
	struct cli_range range;
	uint32_t call;
	unsigned int width_bits;
};

/* Moves one piece; returns 0, or an exit status with the message printed. */
typedef int (*cli_piece)(struct cli_transfer *transfer, uint64_t offset_bytes,
			 size_t length_bytes, void *context);

/*
 * @transfer->target is open and @transfer->range resolved; nothing was read or
 * written when it fails. All return 0 or an exit status, message printed.
 */
int cli_transfer_open(struct cli_transfer *transfer);
int cli_transfer_run(struct cli_transfer *transfer, const struct cli_options *options,
		     cli_piece piece, void *context);
void cli_transfer_close(struct cli_transfer *transfer);

/* What suits the target: 32 bits for registers, 0 (any) for memory */
unsigned int cli_transfer_width(const struct cli_options *options,
				const struct cli_target *target);

/* Was Ctrl-C pressed? A read() or write() of a file then gives EINTR. */
bool cli_is_interrupted(void);

/* ---- progress.c: how far it got, on standard error ------------------------ */

struct cli_progress {
	bool wanted;
	uint64_t total_bytes;
	uint64_t start_ns;
	uint64_t next_ns;
};

void cli_progress_begin(struct cli_progress *progress, const struct cli_options *options,
			uint64_t total_bytes);
void cli_progress_show(struct cli_progress *progress, uint64_t done_bytes);
void cli_progress_end(struct cli_progress *progress, uint64_t done_bytes);

/* Ends an unfinished line, before something else is printed. */
void cli_progress_break(void);

/* ---- json.c -------------------------------------------------------------- */

void cli_json_string(FILE *file, const char *text);

#endif /* _ORIEL_CLI_H */
