/* SPDX-License-Identifier: MIT
 *
 * UTF-16 text. A null pointer is the empty text.
 */
#ifndef RASDIAL_ASYNC_ENGINE_TEXT_H
#define RASDIAL_ASYNC_ENGINE_TEXT_H

#include "../ras_types.h"

/* Characters before the terminator; `room` if there is none within `room`. */
size_t text_length(const WCHAR *text, size_t room);
int text_fits(const WCHAR *text, size_t room);  /* terminated within `room` characters */
int text_equal(const WCHAR *left, const WCHAR *right);
int text_same(const WCHAR *left, const WCHAR *right); /* without case, as RAS compares names */
int text_contains(const WCHAR *text, const char *part); /* without case; `part` is lower case */
uint64_t text_hash(uint64_t seed, const WCHAR *text); /* equal for texts that are text_same */
void text_copy(WCHAR *target, size_t room, const WCHAR *source);
/* As much as fits; bytes that are no UTF-8 make the whole text Latin-1. */
void text_from_utf8(WCHAR *target, size_t room, const char *source);
/* Bytes needed with the terminator; whole characters are written, as many as fit, and it. */
size_t text_to_utf8(char *target, size_t room, const WCHAR *source);
#define IP_LONGEST 46
/* Nonzero: the text is an address. */
int ipv4_from_text(BYTE bytes[4], const WCHAR *text);
int ipv6_from_text(BYTE bytes[16], const WCHAR *text);
void ipv4_to_text(WCHAR text[IP_LONGEST], const BYTE bytes[4]);
void ipv6_to_text(WCHAR text[IP_LONGEST], const BYTE bytes[16]); /* without a gap, but for "::" */
void wipe(void *secret, size_t bytes); /* the compiler does not leave it out */
void text_from_ascii(WCHAR *target, size_t room, const char *source);

#endif
