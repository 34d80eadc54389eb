// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own test camera (vivid, V4L2) puts its pictures into dma-bufs of
 * ours: what arrives there is what it puts into memory of its own.
 * oriel-test: timeout=240 machine=pc modules=vivid?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "lib/buffer.h"
#include "lib/check.h"
#include "lib/module.h"

#define WIDTH	640
#define HEIGHT	360
#define LINE	(4 * WIDTH)
#define BYTES	(LINE * HEIGHT)
#define BUFFERS	3
#define FRAMES	12
#define SOON	60000	/* ms; it comes, however busy the machine is */

static const char *const heaps[] = {
	"oriel-contig", "oriel-scattered", "oriel-coherent", "oriel-writecombine",
};

/* The last line of a picture: bars of colours, below what changes. */
static uint32_t bars[WIDTH];

struct camera {
	int fd;
	enum v4l2_memory memory;
	int dmabuf[BUFFERS];	/* -1: the camera's own memory */
	uint8_t *address[BUFFERS];
};

/* Return: 0 or -errno. */
static int camera_queue(const struct camera *camera, unsigned int index)
{
	struct v4l2_buffer buffer = {
		.index = index,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = camera->memory,
	};

	if (camera->memory == V4L2_MEMORY_DMABUF)
		buffer.m.fd = camera->dmabuf[index];
	return ioctl(camera->fd, VIDIOC_QBUF, &buffer) ? -errno : 0;
}

/* Return: which buffer has a picture. */
static unsigned int camera_wait(const struct camera *camera)
{
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = camera->memory,
	};
	struct pollfd ready = { .fd = camera->fd, .events = POLLIN };

	assert_int_equal(poll(&ready, 1, SOON), 1);
	assert_int_equal(ioctl(camera->fd, VIDIOC_DQBUF, &buffer), 0);
	assert_int_equal(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
	assert_int_equal(buffer.bytesused, BYTES);
	return buffer.index;
}

static void camera_stream(const struct camera *camera, bool on)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	assert_int_equal(ioctl(camera->fd, on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type), 0);
}

static void camera_request(const struct camera *camera, unsigned int count)
{
	struct v4l2_requestbuffers request = {
		.count = count,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = camera->memory,
	};

	assert_int_equal(ioctl(camera->fd, VIDIOC_REQBUFS, &request), 0);
	assert_int_equal(request.count, count);
}

static void camera_open(struct camera *camera, enum v4l2_memory memory)
{
	struct v4l2_format format = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.fmt.pix = {
			.width = WIDTH,
			.height = HEIGHT,
			.pixelformat = V4L2_PIX_FMT_XBGR32,
			.field = V4L2_FIELD_NONE,
		},
	};

	camera->memory = memory;
	camera->fd = open("/dev/video0", O_RDWR | O_CLOEXEC);
	assert_true(camera->fd >= 0);
	assert_int_equal(ioctl(camera->fd, VIDIOC_S_FMT, &format), 0);
	assert_int_equal(format.fmt.pix.sizeimage, BYTES);
	assert_int_equal(format.fmt.pix.bytesperline, LINE);
	camera_request(camera, BUFFERS);
}

static void camera_map_own(struct camera *camera)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		struct v4l2_buffer buffer = {
			.index = i,
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_MMAP,
		};

		assert_int_equal(ioctl(camera->fd, VIDIOC_QUERYBUF, &buffer), 0);
		camera->address[i] = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, camera->fd,
					  buffer.m.offset);
		assert_ptr_not_equal(camera->address[i], MAP_FAILED);
	}
}

static int heap_alloc(const char *name, uint64_t bytes, uint32_t flags)
{
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = flags | O_CLOEXEC };
	char path[64];
	int heap;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	heap = open(path, O_RDWR | O_CLOEXEC);
	assert_true(heap >= 0);
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		fail_msg("%s: %s", name, strerror(errno));
	close(heap);
	return data.fd;
}

static void camera_take(struct camera *camera, const char *heap)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		camera->dmabuf[i] = heap_alloc(heap, BYTES, O_RDWR);
		camera->address[i] = buffer_map(camera->dmabuf[i], BYTES, PROT_READ | PROT_WRITE,
						2 << 20);
	}
}

static void camera_close(struct camera *camera)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++)
		munmap(camera->address[i], BYTES);
	close(camera->fd);
}

static const void *last_line(const struct camera *camera, unsigned int index)
{
	return camera->address[index] + BYTES - LINE;
}

static void test_own_memory(void **state)
{
	struct camera camera;
	unsigned int i, changes = 0;

	camera_open(&camera, V4L2_MEMORY_MMAP);
	camera_map_own(&camera);
	for (i = 0; i < BUFFERS; i++)
		assert_int_equal(camera_queue(&camera, i), 0);
	camera_stream(&camera, true);
	memcpy(bars, last_line(&camera, camera_wait(&camera)), sizeof(bars));
	camera_stream(&camera, false);
	camera_close(&camera);
	for (i = 1; i < WIDTH; i++)
		changes += bars[i] != bars[i - 1];
	assert_true(changes >= 7);
}

/* Each picture has to be put there anew: the program wipes out the one before. */
static void capture(const char *heap)
{
	struct camera camera;
	unsigned int frame, i;

	camera_open(&camera, V4L2_MEMORY_DMABUF);
	camera_take(&camera, heap);
	for (i = 0; i < BUFFERS; i++)
		assert_case(heap, camera_queue(&camera, i), 0);
	camera_stream(&camera, true);
	for (frame = 0; frame < FRAMES; frame++) {
		i = camera_wait(&camera);
		dmabuf_sync(camera.dmabuf[i], DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
		assert_memory_equal(last_line(&camera, i), bars, sizeof(bars));
		memset(camera.address[i], 0x5a, BYTES);
		dmabuf_sync(camera.dmabuf[i], DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
		assert_int_equal(camera_queue(&camera, i), 0);
	}
	camera_stream(&camera, false);
	for (i = 0; i < BUFFERS; i++)
		close(camera.dmabuf[i]);
	camera_close(&camera);
}

static void test_capture(void **state)
{
	size_t k;

	for (k = 0; k < ARRAY_SIZE(heaps); k++)
		capture(heaps[k]);
}

/* The program's mappings and descriptors go while pictures arrive. */
static void test_closed_meanwhile(void **state)
{
	struct camera camera;
	unsigned int i;

	camera_open(&camera, V4L2_MEMORY_DMABUF);
	camera_take(&camera, "oriel-scattered");
	for (i = 0; i < BUFFERS; i++) {
		assert_int_equal(camera_queue(&camera, i), 0);
		close(camera.dmabuf[i]);
		munmap(camera.address[i], BYTES);
	}
	camera_stream(&camera, true);
	for (i = 0; i < BUFFERS; i++)
		camera_wait(&camera);
	assert_true(module_users("oriel") > 0);
	assert_int_equal(module_unload("oriel"), -EWOULDBLOCK);
	close(camera.fd);
	assert_int_equal(module_users("oriel"), 0);
}

static void test_refused(void **state)
{
	struct camera camera;

	camera_open(&camera, V4L2_MEMORY_DMABUF);
	camera.dmabuf[0] = heap_alloc("oriel-scattered", BYTES - 4096, O_RDWR);
	assert_int_equal(camera_queue(&camera, 0), -EINVAL);
	close(camera.dmabuf[0]);
	close(camera.fd);
	assert_int_equal(module_users("oriel"), 0);
}

static int load(void **state)
{
	int err = module_load("oriel", "");

	if (err && err != -EEXIST)
		return err;
	/* One camera, and nothing else that vivid could be. */
	return system("modprobe vivid n_devs=1 node_types=0x1 input_types=0x0 vid_cap_nr=0");
}

static int unload(void **state)
{
	return system("modprobe -r vivid");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_memory),
		cmocka_unit_test(test_capture),
		cmocka_unit_test(test_closed_meanwhile),
		cmocka_unit_test(test_refused),
	};
	struct utsname kernel;

	if (!uname(&kernel) && strstr(kernel.release, "dbg")) {
		printf("1..0 # SKIP the debug kernel has no vivid\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, load, unload);
}
