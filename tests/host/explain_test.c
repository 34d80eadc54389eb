// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explanations: passed on from the kernel, made by the library where it refused,
 * never stale; and a sentence of its own for each code of the user ABI.
 */
#include <errno.h>

#include <oriel.h>

#include "codes.h" /* made from the user ABI: call_codes, reason_codes */
#include "mock.h"
#include "test.h"

static struct oriel_device *device;
static struct oriel_region_info region;
static struct oriel_mapping *mapping;
static struct oriel_explain explain;

static void setup(void)
{
	mock_setup();
	CHECK_INT(oriel_device_open("hello", 0, &device), 0);
	CHECK_INT(oriel_region_find(device, "buffer", &region), 0);
}

static void teardown(void)
{
	oriel_device_close(device);
	mock_teardown();
}

static void ask(uint32_t call, int error, uint32_t reason, uint64_t value0,
		uint64_t value1)
{
	memset(&explain, 0xff, sizeof(explain));
	CHECK_INT(oriel_device_explain(device, &explain), 0);
	CHECK_INT(explain.call, call);
	CHECK_INT(explain.error, error);
	CHECK_INT(explain.reason, reason);
	CHECK_INT(explain.value[0], value0);
	CHECK_INT(explain.value[1], value1);
}

static void nothing_failed_yet(void)
{
	ask(ORIEL_CALL_NONE, 0, ORIEL_REASON_NONE, 0, 0);
}

static void the_kernels_reason_is_passed_on(void)
{
	mock_refuse_mmap(EACCES, ORIEL_REASON_READ_ONLY, 1, 2);
	strcpy(mock.explain.name, "buffer");
	CHECK_INT(oriel_mapping_create(device, &region, PROT_WRITE, &mapping), -EACCES);
	ask(ORIEL_CALL_MMAP, EACCES, ORIEL_REASON_READ_ONLY, 1, 2);
	CHECK_TEXT(explain.name, "buffer");
}

static void a_stale_reason_is_not_passed_on(void)
{
	mock_refuse_mmap(EACCES, ORIEL_REASON_READ_ONLY, 0, 0);
	mock.mmap_error = ENOMEM;
	CHECK_INT(oriel_mapping_create(device, &region, PROT_READ, &mapping), -ENOMEM);
	ask(ORIEL_CALL_MMAP, ENOMEM, ORIEL_REASON_NONE, 0, 0);

	mock.pread_error = EACCES;
	CHECK_INT(oriel_region_read_range(device, &region, 0, &explain, 8), -EACCES);
	ask(ORIEL_CALL_READ, EACCES, ORIEL_REASON_NONE, 0, 0);
}

static void the_library_explains_its_own_refusals(void)
{
	uint64_t value;

	/* An older refusal, of the same call and errno, must not come through. */
	mock_refuse_mmap(ENXIO, ORIEL_REASON_NO_REGION, 0, 0);
	CHECK_INT(oriel_mapping_create_range(device, &region, 1, 8192, PROT_READ,
					     &mapping), -ENXIO);
	ask(ORIEL_CALL_MMAP, ENXIO, ORIEL_REASON_BEYOND, 8193, 8192);
	CHECK_INT(oriel_region_read_value(device, &region, 3, 16, &value), -EINVAL);
	ask(ORIEL_CALL_READ, EINVAL, ORIEL_REASON_MISALIGNED, 3, 2);
	CHECK_INT(oriel_region_write_value(device, &region, UINT64_MAX, 64, 0),
		  -EOVERFLOW);
	ask(ORIEL_CALL_WRITE, EOVERFLOW, ORIEL_REASON_OVERFLOW, UINT64_MAX, 8);
	CHECK_INT(oriel_region_find(device, "nothing", &region), -ENXIO);
	ask(ORIEL_CALL_REGION_INFO, ENXIO, ORIEL_REASON_NONE, 0, 0);
	CHECK_TEXT(explain.name, "nothing");
}

static void an_error_of_explain_is_passed_on(void)
{
	mock.mmap_error = EINVAL;
	mock.ioctl_error[3] = ENOTTY;
	CHECK_INT(oriel_mapping_create(device, &region, PROT_READ, &mapping), -EINVAL);
	CHECK_INT(oriel_device_explain(device, &explain), -ENOTTY);
}

/* One line, "cannot ...: reason. Remedy." */
static void check_sentence(const char *sentence)
{
	size_t length = strlen(sentence);
	const char *reason = strstr(sentence, ": ");

	CHECK(reason);
	CHECK(reason && strstr(reason, ". "));
	CHECK(length > 20 && sentence[length - 1] == '.');
	CHECK(!strpbrk(sentence, "\n\r\t"));
	CHECK(!strstr(sentence, "(null)"));
	CHECK(!strstr(sentence, "too old to know"));
}

static void every_reason_has_a_sentence(void)
{
	static char sentences[256][ORIEL_SENTENCE_BYTES];
	size_t i, j;

	CHECK(NR_REASON_CODES >= 18 && NR_REASON_CODES < 256);
	for (i = 0; i < NR_REASON_CODES; i++) {
		memset(&explain, 0, sizeof(explain));
		explain.call = ORIEL_CALL_MMAP;
		explain.error = EINVAL;
		explain.reason = reason_codes[i].code;
		explain.value[0] = UINT64_MAX;
		explain.value[1] = UINT64_MAX;
		memset(explain.name, 'n', sizeof(explain.name) - 1);
		CHECK_INT(oriel_explain_describe(&explain, sentences[i],
						 ORIEL_SENTENCE_BYTES), 0);
		check_sentence(sentences[i]);
		if (test_failed) {
			printf("# %s: \"%s\"\n", reason_codes[i].name, sentences[i]);
			return;
		}
		for (j = 0; j < i; j++)
			CHECK(strcmp(sentences[i], sentences[j]));
	}
}

static void every_call_has_words(void)
{
	static char sentences[256][ORIEL_SENTENCE_BYTES];
	size_t i, j;

	CHECK(NR_CALL_CODES >= 7 && NR_CALL_CODES < 256);
	for (i = 0; i < NR_CALL_CODES; i++) {
		memset(&explain, 0, sizeof(explain));
		explain.call = call_codes[i].code;
		explain.error = EINVAL;
		explain.reason = ORIEL_REASON_RESERVED;
		CHECK_INT(oriel_explain_describe(&explain, sentences[i],
						 ORIEL_SENTENCE_BYTES), 0);
		check_sentence(sentences[i]);
		CHECK(!strstr(sentences[i], "was refused"));
		if (test_failed) {
			printf("# %s: \"%s\"\n", call_codes[i].name, sentences[i]);
			return;
		}
		for (j = 0; j < i; j++)
			CHECK(strcmp(sentences[i], sentences[j]));
	}
}

static void refusals_without_a_reason_have_sentences(void)
{
	char sentence[ORIEL_SENTENCE_BYTES];
	uint32_t call;
	int error;

	for (call = 1; call <= ORIEL_CALL_BUFFER_NAME; call++) {
		for (error = 0; error < 200; error++) {
			memset(&explain, 0, sizeof(explain));
			explain.call = call;
			explain.error = (uint32_t)error;
			CHECK_INT(oriel_explain_describe(&explain, sentence,
							 sizeof(sentence)), 0);
			check_sentence(sentence);
		}
	}
}

static void figures_are_in_the_sentence(void)
{
	char sentence[ORIEL_SENTENCE_BYTES];

	memset(&explain, 0, sizeof(explain));
	explain.call = ORIEL_CALL_MMAP;
	explain.error = ENXIO;
	explain.reason = ORIEL_REASON_BEYOND;
	explain.value[0] = 12288;
	explain.value[1] = 8192;
	CHECK_INT(oriel_explain_describe(&explain, sentence, sizeof(sentence)), 0);
	CHECK_TEXT(sentence, "cannot map: the request ends at byte 12288, the region at byte 8192. Ask for a range inside the region.");
}

static void unknown_codes_are_named(void)
{
	char sentence[ORIEL_SENTENCE_BYTES];

	memset(&explain, 0, sizeof(explain));
	explain.call = 4711;
	explain.reason = 4712;
	CHECK_INT(oriel_explain_describe(&explain, sentence, sizeof(sentence)), 0);
	CHECK(strstr(sentence, "4711"));
	CHECK(strstr(sentence, "4712"));
}

static void small_buffers_are_never_overrun(void)
{
	char exact[ORIEL_SENTENCE_BYTES];
	char sentence[64];
	size_t size, length;

	memset(&explain, 0, sizeof(explain));
	explain.call = ORIEL_CALL_MMAP;
	explain.reason = ORIEL_REASON_REVOKED;
	for (size = 0; size < sizeof(sentence); size++) {
		memset(sentence, 'x', sizeof(sentence));
		CHECK_INT(oriel_explain_describe(&explain, sentence, size), -EOVERFLOW);
		CHECK(!size || strlen(sentence) < size);
		CHECK_INT(sentence[size], 'x');
	}
	CHECK_INT(oriel_explain_describe(&explain, exact, sizeof(exact)), 0);
	length = strlen(exact);
	CHECK_INT(oriel_explain_describe(&explain, exact, length), -EOVERFLOW);
	CHECK_INT(oriel_explain_describe(&explain, exact, length + 1), 0);
	CHECK_INT(oriel_explain_describe(&explain, NULL, 8), -EINVAL);
	CHECK_INT(oriel_explain_describe(NULL, sentence, 8), -EINVAL);
}

static void open_errors_have_sentences(void)
{
	char sentence[ORIEL_SENTENCE_BYTES];
	int error;

	for (error = 1; error < 200; error++) {
		CHECK_INT(oriel_device_describe_open("hello", -error, sentence,
						     sizeof(sentence)), 0);
		check_sentence(sentence);
	}

	oriel_device_describe_open("x", ENOENT, sentence, sizeof(sentence));
	CHECK(strstr(sentence, "there is no /dev/oriel/x. 'oriel list'"));
	mock_remove_core();
	oriel_device_describe_open("x", ENOENT, sentence, sizeof(sentence));
	CHECK(strstr(sentence, "modprobe oriel"));
	oriel_device_describe_open("hello", EACCES, sentence, sizeof(sentence));
	CHECK(strstr(sentence, "group"));
	oriel_device_describe_open("Bad Name", EINVAL, sentence, sizeof(sentence));
	CHECK(strstr(sentence, "\"Bad Name\" is no device name"));
	CHECK_INT(oriel_device_describe_open("hello", EACCES, sentence, 10), -EOVERFLOW);
	CHECK_INT(oriel_device_describe_open(NULL, EACCES, sentence, 10), -EINVAL);
}

static const struct test tests[] = {
	TEST(nothing_failed_yet),
	TEST(the_kernels_reason_is_passed_on),
	TEST(a_stale_reason_is_not_passed_on),
	TEST(the_library_explains_its_own_refusals),
	TEST(an_error_of_explain_is_passed_on),
	TEST(every_reason_has_a_sentence),
	TEST(every_call_has_words),
	TEST(refusals_without_a_reason_have_sentences),
	TEST(figures_are_in_the_sentence),
	TEST(unknown_codes_are_named),
	TEST(small_buffers_are_never_overrun),
	TEST(open_errors_have_sentences),
};

TEST_MAIN(tests, setup, teardown)
