/* SPDX-License-Identifier: MIT
 *
 * Windows' Interlocked functions out of the compiler's own, so that the half of atomics.h that is for
 * MSVC runs under the stress tests and sanitizers of this system, too.
 */
#ifndef INTERLOCKED_H
#define INTERLOCKED_H

#define RASDIAL_INTERLOCKED
/* No header before the source's own: it would choose another _POSIX_C_SOURCE than ras_library.c. */
typedef __INT32_TYPE__ LONG;
typedef __INT64_TYPE__ LONG64;

#define InterlockedExchange(target, value) __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST)
#define InterlockedExchange64 InterlockedExchange
#define InterlockedExchangePointer InterlockedExchange
#define InterlockedExchangeAdd(target, value) __atomic_fetch_add(target, value, __ATOMIC_SEQ_CST)
#define InterlockedCompareExchange64 __sync_val_compare_and_swap_swapped
#define InterlockedCompareExchangePointer __sync_val_compare_and_swap_swapped
#define __sync_val_compare_and_swap_swapped(target, value, expected)                               \
    __sync_val_compare_and_swap(target, expected, value)
#define _ReadWriteBarrier() __asm__ volatile("" ::: "memory")
#define MemoryBarrier() __sync_synchronize()

#endif
