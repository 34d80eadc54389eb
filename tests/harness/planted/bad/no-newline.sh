#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 0 1 0 planned 1 results, gave 0
printf '1..1\nhalf a lin'
