// SPDX-License-Identifier: GPL-2.0-only
/*
 * oriel irq: waits for interrupts of a vector and prints them.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cli.h"

struct waiter {
	struct oriel_device *device;
	const char *device_name;
	uint32_t vector;
	uint32_t type;
	int event;
};

static int fail(const struct waiter *waiter, int err)
{
	return cli_fail_call(waiter->device, waiter->device_name, NULL, err);
}

/* What the device sends best, or what it can send without DMA. */
static int enable(struct waiter *waiter, bool with_dma)
{
	int err = with_dma ? oriel_device_set_dma(waiter->device, true) : 0;

	if (err)
		return fail(waiter, err);
	waiter->type = ORIEL_IRQ_BEST;
	err = oriel_irq_enable(waiter->device, waiter->vector, ORIEL_IRQ_BEST, waiter->event);
	if (err == -EPERM && !waiter->vector) {
		waiter->type = ORIEL_IRQ_INTX;
		err = oriel_irq_enable(waiter->device, 0, ORIEL_IRQ_INTX, waiter->event);
	}

	return err ? fail(waiter, err) : CLI_OK;
}

static void print_count(const struct cli_options *options, const struct waiter *waiter,
			uint64_t count)
{
	if (options->json)
		printf("{\"vector\": %" PRIu32 ", \"interrupts\": %" PRIu64 "}\n",
		       waiter->vector, count);
	else
		printf("vector %" PRIu32 ": %" PRIu64 "\n", waiter->vector, count);
	fflush(stdout);
}

/* A device that goes signals once more; what it is asked then tells. */
static int check_there(const struct waiter *waiter)
{
	struct oriel_device_info info;
	int err = oriel_device_get_info(waiter->device, &info);

	return err ? fail(waiter, err) : CLI_OK;
}

static int wait_for(const struct cli_options *options, const struct waiter *waiter,
		    uint64_t wanted)
{
	uint64_t count, seen = 0;
	int status, err;

	while (!wanted || seen < wanted) {
		if (read(waiter->event, &count, sizeof(count)) != sizeof(count))
			return cli_fail("cannot wait: %s.", strerror(errno));
		status = check_there(waiter);
		if (status)
			return status;
		seen += count;
		print_count(options, waiter, count);
		err = waiter->type == ORIEL_IRQ_INTX && (!wanted || seen < wanted) ?
			oriel_irq_unmask(waiter->device, waiter->vector) : 0;
		if (err)
			return fail(waiter, err);
	}

	return CLI_OK;
}

static int run(const struct cli_options *options)
{
	struct waiter waiter = { .device_name = options->args[0] };
	uint64_t vector, wanted = 0;
	int status, err;

	status = cli_parse_bytes("vector", options->args[1], &vector);
	if (!status && options->nr_args > 2)
		status = cli_parse_bytes("count", options->args[2], &wanted);
	if (!status && vector > UINT32_MAX)
		status = cli_usage_error("vector %s is out of range.", options->args[1]);
	if (status)
		return status;
	waiter.vector = (uint32_t)vector;

	waiter.event = eventfd(0, EFD_CLOEXEC);
	if (waiter.event < 0)
		return cli_fail("cannot make an eventfd: %s.", strerror(errno));
	err = oriel_device_open(waiter.device_name, 0, &waiter.device);
	if (err) {
		close(waiter.event);
		return cli_fail_open(waiter.device_name, err);
	}

	status = enable(&waiter, options->force);
	if (!status)
		status = wait_for(options, &waiter, wanted);
	oriel_device_close(waiter.device);
	close(waiter.event);

	return status;
}

const struct cli_command cli_command_irq = {
	.name = "irq",
	.arguments = "DEVICE VECTOR [COUNT]",
	.summary = "wait for interrupts of a vector, and print how many came",
	.help = "Ends after COUNT of them; without it, or with 0, never.\n"
		"MSI and MSI-X need the device's DMA: --force switches it on for as long as this\n"
		"runs. Without it, vector 0 is INTx where the others are not allowed; somebody\n"
		"has to quiet the device then, or it interrupts again at once.\n",
	.min_args = 2,
	.max_args = 3,
	.takes = CLI_TAKES_FORCE | CLI_TAKES_JSON,
	.run = run,
};
