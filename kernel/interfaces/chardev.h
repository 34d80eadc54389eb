/* SPDX-License-Identifier: GPL-2.0-only */
/* Open files of the nodes /dev/oriel/NAME. */
#ifndef ORIEL_INTERFACES_CHARDEV_H
#define ORIEL_INTERFACES_CHARDEV_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <uapi/oriel.h>

#include "core/client.h"

struct file;
struct oriel_interface;
struct seq_file;

/**
 * struct oriel_file - an open file
 * @client: what it holds of its device
 * @lock:   protects @last
 * @last:   the last refusal
 */
struct oriel_file {
	struct oriel_client client;
	struct mutex lock;
	struct oriel_explain last;
};

extern const struct oriel_interface oriel_chardev_interface;

int oriel_chardev_init(void);
void oriel_chardev_exit(void);

void oriel_file_note(struct oriel_file *ofile, const struct oriel_explain *why);
int oriel_file_check_alive(struct oriel_file *ofile, struct oriel_explain *why);

/* interfaces/ioctl.c */
long oriel_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* interfaces/fdinfo.c */
void oriel_show_fdinfo(struct seq_file *m, struct file *file);

#endif /* ORIEL_INTERFACES_CHARDEV_H */
