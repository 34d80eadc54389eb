/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _JSON_CHECK_H
#define _JSON_CHECK_H

#include <stdbool.h>

/* Is the text exactly one JSON value (RFC 8259), blanks around it allowed? */
bool json_is_valid(const char *text);

#endif /* _JSON_CHECK_H */
