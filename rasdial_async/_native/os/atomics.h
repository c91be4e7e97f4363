/* SPDX-License-Identifier: MIT
 *
 * Atomic variables, each operation in one total order (seq_cst): C11's, or Interlocked functions for
 * compilers of Windows that have no C11 atomics.
 */
#ifndef RASDIAL_ASYNC_ATOMICS_H
#define RASDIAL_ASYNC_ATOMICS_H

#include <stdint.h>

#if defined(_MSC_VER) || defined(RASDIAL_INTERLOCKED)

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#endif

/* Interlocked functions are full barriers. So a load need only not move up or down past its neighbors:
 * an aligned access of processor size that the compiler may not move, and on ARM an acquiring one. */
#if defined(_M_ARM64) || defined(_M_ARM)
#define ATOMIC_AFTER_LOAD() MemoryBarrier()
#else
#define ATOMIC_AFTER_LOAD() _ReadWriteBarrier()
#endif

typedef struct {
    volatile LONG value;
} atomic32;
typedef struct {
    _Alignas(8) volatile LONG64 value; /* 32-bit compilers align less */
} atomic64;
typedef struct {
    void *volatile value;
} atomic_pointer;

static inline uint32_t atomic32_load(atomic32 *object)
{
    LONG value = object->value;

    ATOMIC_AFTER_LOAD();
    return (uint32_t)value;
}

/* A store must not be passed by a later load, which only an exchange prevents. */
static inline void atomic32_store(atomic32 *object, uint32_t value)
{
    InterlockedExchange(&object->value, (LONG)value);
}

static inline uint32_t atomic32_exchange(atomic32 *object, uint32_t value)
{
    return (uint32_t)InterlockedExchange(&object->value, (LONG)value);
}

static inline uint32_t atomic32_add(atomic32 *object, uint32_t value)
{
    return (uint32_t)InterlockedExchangeAdd(&object->value, (LONG)value);
}

/* Also on 32-bit processors in one piece. */
static inline uint64_t atomic64_load(atomic64 *object)
{
    return (uint64_t)InterlockedCompareExchange64(&object->value, 0, 0);
}

static inline void atomic64_store(atomic64 *object, uint64_t value)
{
    InterlockedExchange64(&object->value, (LONG64)value);
}

static inline int atomic64_replace(atomic64 *object, uint64_t *expected, uint64_t value)
{
    uint64_t found = (uint64_t)InterlockedCompareExchange64(&object->value, (LONG64)value,
                                                            (LONG64)*expected);
    int replaced = found == *expected;

    *expected = found;
    return replaced;
}

static inline void *atomic_pointer_load(atomic_pointer *object)
{
    void *value = object->value;

    ATOMIC_AFTER_LOAD();
    return value;
}

static inline void *atomic_pointer_exchange(atomic_pointer *object, void *value)
{
    return InterlockedExchangePointer(&object->value, value);
}

static inline int atomic_pointer_replace(atomic_pointer *object, void **expected, void *value)
{
    void *found = InterlockedCompareExchangePointer(&object->value, value, *expected);
    int replaced = found == *expected;

    *expected = found;
    return replaced;
}

#else

#include <stdatomic.h>

typedef struct {
    _Atomic(uint32_t) value;
} atomic32;
typedef struct {
    _Atomic(uint64_t) value;
} atomic64;
typedef struct {
    _Atomic(void *) value;
} atomic_pointer;

static inline uint32_t atomic32_load(atomic32 *object)
{
    return atomic_load(&object->value);
}

static inline void atomic32_store(atomic32 *object, uint32_t value)
{
    atomic_store(&object->value, value);
}

static inline uint32_t atomic32_exchange(atomic32 *object, uint32_t value)
{
    return atomic_exchange(&object->value, value);
}

static inline uint32_t atomic32_add(atomic32 *object, uint32_t value)
{
    return atomic_fetch_add(&object->value, value);
}

static inline uint64_t atomic64_load(atomic64 *object)
{
    return atomic_load(&object->value);
}

static inline void atomic64_store(atomic64 *object, uint64_t value)
{
    atomic_store(&object->value, value);
}

static inline int atomic64_replace(atomic64 *object, uint64_t *expected, uint64_t value)
{
    return atomic_compare_exchange_strong(&object->value, expected, value);
}

static inline void *atomic_pointer_load(atomic_pointer *object)
{
    return atomic_load(&object->value);
}

static inline void *atomic_pointer_exchange(atomic_pointer *object, void *value)
{
    return atomic_exchange(&object->value, value);
}

static inline int atomic_pointer_replace(atomic_pointer *object, void **expected, void *value)
{
    return atomic_compare_exchange_strong(&object->value, expected, value);
}

#endif

#endif
