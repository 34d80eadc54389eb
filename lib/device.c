// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Devices: an open node, and the memory of its last refusal. No locks: one
 * thread at a time uses a device.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

int oriel_device_open(const char *name, unsigned int flags,
		      struct oriel_device **device)
{
	int mode = flags & ORIEL_OPEN_READ_ONLY ? O_RDONLY : O_RDWR;
	struct oriel_device_info info;
	struct oriel_device *dev;
	char path[ORIEL_PATH_BYTES];
	int err;

	if (!device || (flags & ~ORIEL_OPEN_READ_ONLY))
		return -EINVAL;

	err = oriel_device_resolve(name, path, sizeof(path));
	if (err)
		return err == -EOVERFLOW ? -ENAMETOOLONG : err;

	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return -ENOMEM;

	dev->fd = open(path, mode | O_CLOEXEC);
	if (dev->fd < 0) {
		err = -errno;
		goto err_free;
	}

	/* Other files answer ENOTTY here: nobody maps them by mistake. */
	err = oriel_device_get_info(dev, &info);
	if (err)
		goto err_close;

	*device = dev;
	return 0;

err_close:
	close(dev->fd);
err_free:
	free(dev);
	return err;
}

void oriel_device_close(struct oriel_device *device)
{
	if (!device)
		return;

	close(device->fd);
	free(device);
}

int oriel_device_get_fd(const struct oriel_device *device)
{
	return device->fd;
}

int oriel_device_get_info(struct oriel_device *device,
			  struct oriel_device_info *info)
{
	struct oriel_device_info arg;

	memset(&arg, 0, sizeof(arg));
	if (ioctl(device->fd, ORIEL_DEVICE_INFO, &arg))
		return oriel_device_failed(device, ORIEL_CALL_DEVICE_INFO);

	/* Whatever the kernel is, users can print these. */
	arg.name[sizeof(arg.name) - 1] = 0;
	arg.bus_address[sizeof(arg.bus_address) - 1] = 0;
	arg.driver[sizeof(arg.driver) - 1] = 0;

	*info = arg;
	return 0;
}

int oriel_device_explain(struct oriel_device *device,
			 struct oriel_explain *explain)
{
	const struct oriel_explain *refusal = &device->refusal;
	struct oriel_explain arg;

	if (!device->asked) {
		*explain = *refusal;
		return 0;
	}

	memset(&arg, 0, sizeof(arg));
	if (ioctl(device->fd, ORIEL_EXPLAIN, &arg))
		return -errno;

	/* It speaks of an earlier refusal: the kernel refused by itself. */
	if (arg.call != refusal->call || arg.error != refusal->error)
		arg = *refusal;

	arg.name[sizeof(arg.name) - 1] = 0;
	*explain = arg;
	return 0;
}

int oriel_device_failed(struct oriel_device *device, uint32_t call)
{
	int error = errno;

	oriel_device_refuse(device, call, error, ORIEL_REASON_NONE, 0, 0);
	device->asked = true;

	return -error;
}

int oriel_device_refuse(struct oriel_device *device, uint32_t call, int error,
			uint32_t reason, uint64_t value0, uint64_t value1)
{
	struct oriel_explain *refusal = &device->refusal;

	memset(refusal, 0, sizeof(*refusal));
	refusal->call = call;
	refusal->error = (uint32_t)error;
	refusal->reason = reason;
	refusal->value[0] = value0;
	refusal->value[1] = value1;
	device->asked = false;

	return -error;
}

int oriel_device_refuse_name(struct oriel_device *device, uint32_t call,
			     int error, const char *name)
{
	struct oriel_explain *refusal = &device->refusal;

	oriel_device_refuse(device, call, error, ORIEL_REASON_NONE, 0, 0);
	snprintf(refusal->name, sizeof(refusal->name), "%s", name);

	return -error;
}
