/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel to test against: the library's and the command's system calls are
 * led here by the linker (--wrap). Paths of Oriel lie in a directory of the
 * test's own, nodes are plain files whose contents are the device's memory,
 * ioctls are answered from the variables below.
 */
#ifndef _MOCK_H
#define _MOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/oriel.h>

#define MOCK_MIB	(1ull << 20)
#define MOCK_NR_REGIONS	5
#define MOCK_NR_IOCTLS	13
#define MOCK_BUFFERS	"/sys/kernel/config/oriel/buffers"

/* Regions of each device, by index */
enum {
	MOCK_BUFFER,	/* "buffer": 8 KiB of RAM */
	MOCK_REGS,	/* "regs": 256 bytes of MMIO that start 0x100 into a page */
	MOCK_SMALL,	/* "small": 10 bytes, not mappable */
	MOCK_LARGE,	/* "large": 8 MiB, huge */
	MOCK_CONST,	/* "const": read-only */
};

struct mock_mmap {
	void *hint;
	size_t length;
	int prot;
	int flags;
	off_t offset;
};

struct mock {
	char root[64];

	/* What the kernel answers */
	struct oriel_device_info info;
	struct oriel_region_info regions[MOCK_NR_REGIONS];
	struct oriel_explain explain;
	uint32_t segments_at_once;	/* told by one call at most */
	const char *bus_address;	/* of a named buffer, NULL: it has none */
	const char *refused;		/* its last refusal, as the file has it */
	const char *refuses;		/* a file of it that refuses what is written */

	/* Errors to give, 0 for none; a countdown for memory */
	int open_error;
	bool read_only_nodes;
	bool has_proc;		/* the test's own /proc */
	int hidden_process;	/* its number there, 0: none */
	const char *foreign_path;	/* is somebody's, not root's */
	const char *open_path_to_all;	/* may be written by everybody */
	int opendir_error;
	int mkdir_error;
	int rmdir_error;
	int mmap_error;
	int pread_error;
	int pwrite_error;
	int ioctl_error[MOCK_NR_IOCTLS];
	int calloc_countdown;
	int reallocarray_countdown;
	size_t io_limit_bytes;
	int eintr_countdown;

	/* What was asked of it */
	char open_path[128];
	int open_flags;
	int nr_opens;
	struct mock_mmap mmap;		/* the last one of a file */
	int nr_reservations;		/* anonymous ones */
	int nr_mapped;			/* mmap()s less munmap()s of files */
	struct oriel_prefault prefault;
	struct oriel_irq_set irq_set;
	struct oriel_device_set device_set;
	struct oriel_buffer_alloc buffer_alloc;
	struct oriel_buffer_segments buffer_segments;
	struct oriel_buffer_import buffer_import;
	struct oriel_buffer_free buffer_free;
	struct oriel_region_export region_export;
	struct oriel_sync sync;
	bool is_coherent;
	int nr_io;
	size_t io_length;
	off_t io_offset;
};

extern struct mock mock;

/* A machine with the devices "hello" and "pci-0000-03-00.0"; undo by teardown */
void mock_setup(void);
void mock_teardown(void);

/* A machine with the oriel module, or even that not there, and no device */
void mock_remove_devices(void);
void mock_remove_core(void);
void mock_make_node(const char *name);

/* A named buffer's directory, at a path of the test's own: its files come and go */
void mock_make_buffer(const char *directory);
void mock_empty_buffer(const char *directory);

/* Fail mmap() and say why through ORIEL_EXPLAIN */
void mock_refuse_mmap(int error, uint32_t reason, uint64_t value0,
		      uint64_t value1);

/* The device's memory at a file offset, past all mocks */
void mock_peek(const char *name, off_t offset, void *bytes, size_t length);
void mock_poke(const char *name, off_t offset, const void *bytes, size_t length);

/* Make the memory of a node end: touching it behind @size raises SIGBUS */
void mock_truncate(const char *name, off_t size);

#endif /* _MOCK_H */
