/* A RAS client in C that loads the library by name: it dials, prints each event, and hangs up.
 *
 * cc -std=c11 dial.c -ldl -o dial
 * ./dial LIBRARY ENTRY USER PASSWORD     exit status 0 = it was connected */
#ifdef _WIN32
#include <windows.h>
#define CALL __stdcall
#define PAUSE() Sleep(1)
typedef WCHAR text;
#else
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <uchar.h>
#define CALL
#define PAUSE() nanosleep(&(struct timespec){0, 1000000}, NULL)
typedef char16_t text;
#endif
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#pragma pack(push, 4)
struct dial_params {
    uint32_t size;
    text entry[257], phone_number[129], callback_number[129], user[257], password[257], domain[16];
};
struct status {
    uint32_t size, state, error;
    text device_type[17], device_name[129];
};
#pragma pack(pop)

static atomic_uint last_error, over;

static void CALL hear(void *handle, uint32_t message, uint32_t state, uint32_t error, uint32_t extended)
{
    (void)handle, (void)message, (void)extended;
    printf("event %u %u\n", state, error);
    atomic_store(&last_error, error);
    if (error || state & 0x2000)
        atomic_store(&over, 1);
}

static void *function(void *library, const char *name)
{
#ifdef _WIN32
    void *found = (void *)GetProcAddress(library, name);
#else
    void *found = dlsym(library, name);
#endif
    if (!found)
        printf("no %s\n", name);
    return found;
}

static void put(text *target, const char *source)
{
    while ((*target++ = (unsigned char)*source++))
        ;
}

int main(int count, char **arguments)
{
    struct dial_params params = {.size = sizeof params};
    struct status status = {.size = sizeof status};
    uint32_t (CALL *dial)(void *, const text *, void *, uint32_t, void *, void **);
    uint32_t (CALL *hang_up)(void *);
    uint32_t (CALL *get_status)(void *, void *);
    void *handle = NULL, *library;
    uint32_t code;

    if (count != 5)
        return 2;
#ifdef _WIN32
    library = LoadLibraryA(arguments[1]);
#else
    library = dlopen(arguments[1], RTLD_NOW);
#endif
    if (!library || !(dial = function(library, "RasDialW")) || !(hang_up = function(library, "RasHangUpW")) ||
        !(get_status = function(library, "RasGetConnectStatusW")))
        return 3;
    put(params.entry, arguments[2]);
    put(params.user, arguments[3]);
    put(params.password, arguments[4]);
    code = dial(NULL, NULL, &params, 1, (void *)hear, &handle);
    printf("dial %u\n", code);
    while (!code && !atomic_load(&over))
        PAUSE();
    if (handle) {
        printf("hang-up %u\n", hang_up(handle));
        while (get_status(handle, &status) != 6)
            PAUSE();
        printf("released\n");
    }
    return code || atomic_load(&last_error) ? 1 : 0;
}
