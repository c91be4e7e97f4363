/* SPDX-License-Identifier: MIT
 *
 * Phonebooks that are files, under the sanitizers and without memory. tests/windows has the rest.
 */
#define _POSIX_C_SOURCE 200809L

#include "simulator_harness.h"

#include <unistd.h>

static char path[200];

static const WCHAR *book(void)
{
    const char *folder = getenv("TMPDIR");

    snprintf(path, sizeof path, "%s/rasdial-%ld.pbk", folder ? folder : "/tmp", (long)getpid());
    return w(path);
}

static void write_book(const char *text)
{
    FILE *file = (book(), fopen(path, "wb"));

    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static int book_has(const char *text)
{
    char whole[8192];
    FILE *file = (book(), fopen(path, "rb"));
    size_t size;

    CHECK(file);
    size = fread(whole, 1, sizeof whole - 1, file);
    fclose(file);
    whole[size] = 0;
    return strstr(whole, text) != NULL;
}

static RASENTRYW vpn(const char *number)
{
    RASENTRYW entry;
    DWORD bytes = sizeof entry;

    entry.dwSize = sizeof entry;
    IS(ras->RasGetEntryPropertiesW(NULL, w(""), &entry, &bytes, NULL, NULL), 0);
    memcpy(entry.szLocalPhoneNumber, w(number), 2 * (strlen(number) + 1));
    memcpy(entry.szDeviceType, w("vpn"), 8);
    return entry;
}

static DWORD put(const char *name, const char *number)
{
    RASENTRYW entry = vpn(number);

    return ras->RasSetEntryPropertiesW(book(), w(name), &entry, sizeof entry, NULL, 0);
}

static DWORD listed(void)
{
    DWORD bytes = 0, count = 0, code = ras->RasEnumEntriesW(NULL, book(), NULL, &bytes, &count);

    IS(code, count ? 603 : 0);
    return count;
}

static void files(void)
{
    IS(sim_use_files(sim, NULL, NULL, 0), 0);
    write_book("; a comment\n[Office]\nUnknown = kept \nMEDIA=rastapi\nDevice=WAN Miniport (L2TP)\n"
               "DEVICE=vpn\nPhoneNumber=old.example\nPhoneNumber=older.example");
    IS(listed(), 1);
    IS(put("office", "new.example"), 0);
    CHECK(book_has("; a comment\n[Office]\nUnknown = kept \n"));
    CHECK(book_has("PhoneNumber=new.example\n") && !book_has("older.example"));
    CHECK(book_has("MEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n"));
    IS(ras->RasRenameEntryW(book(), w("Office"), w("Home")), 0);
    CHECK(book_has("[Home]\n") && !book_has("[Office]"));
    IS(put("Second", "second.example"), 0);
    IS(ras->RasDeleteEntryW(book(), w("HOME")), 0);
    CHECK(book_has("[Second]\n") && !book_has("[Home]") && book_has("; a comment\n"));
    IS(listed(), 1);
    unlink(path);
    IS(ras->RasDeleteEntryW(book(), w("Second")), 621);
}

static void files_without_memory(void)
{
    int allocation;

    IS(sim_use_files(sim, NULL, NULL, 0), 0);
    for (allocation = 1; allocation < 120; allocation++) {
        DWORD code;

        write_book("[Office]\nMEDIA=rastapi\nDEVICE=vpn\nMEDIA=serial\nDEVICE=modem\nPhoneNumber=1\n");
        atomic_store(&allocations_left, allocation);
        code = put("New", "new.example");
        atomic_store(&allocations_left, 0);
        CHECK(code == 0 || code == 8 || code == 621 || code == 624 || code == 87);
        CHECK(book_has("[New]\r\n") == (code == 0) || book_has("[New]\n") == (code == 0));
        listed();
    }
    unlink(path);
}

/* Whatever a file holds: it is read or refused, and a new entry is found again. */
static void odd_files(void)
{
    static const char *const pieces[] = {
        "[", "]", "[Office]", "=", "MEDIA=", "MEDIA", "DEVICE=vpn", "Device=x", "PhoneNumber=1",
        "\n", "\r\n", "\r", "\r\n", " ", "\t", ";", "Type=2", "Type=99999999999", "\xFF\xFE", "\xC3",
        "\xEF\xBB\xBF", "Guid=00", "NETCOMPONENTS=", "AuthRestrictions=552",
    };
    unsigned seed = 5, round, piece;

    IS(sim_use_files(sim, NULL, NULL, 0), 0);
    for (round = 0; round < 150; round++) {
        char text[600] = "";

        for (piece = 0; piece < 40; piece++) {
            seed = seed * 1103515245 + 12345;
            strcat(text, pieces[seed / 65536 % LENGTH(pieces)]);
        }
        write_book(text);
        listed();
        IS(put("New", "new.example"), 0);
        IS(put("New", "newer.example"), 0);
        CHECK(book_has("PhoneNumber=newer.example"));
        IS(ras->RasValidateEntryNameW(book(), w("new")), 183);
        IS(ras->RasDeleteEntryW(book(), w("New")), 0);
        CHECK(!book_has("newer.example"));
    }
    unlink(path);
}

const struct test file_tests[] = {
    TEST(odd_files),
    TEST(files),
    TEST(files_without_memory),
    {NULL, NULL},
};
