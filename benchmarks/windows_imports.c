/* SPDX-License-Identifier: MIT
 *
 * Functions that win32ras imports from rasapi32.dll, so that it can be loaded over the benchmarks' library.
 * A benchmark calls one of them: a dial by the package asks for the stored login.
 */
#ifdef _WIN32

#include <windows.h>

__declspec(dllexport) DWORD WINAPI RasGetEntryDialParamsW(const WCHAR *phonebook, void *params, BOOL *password);
DWORD WINAPI RasGetEntryDialParamsW(const WCHAR *phonebook, void *params, BOOL *password)
{
    (void)phonebook, (void)params;
    *password = FALSE;
    return 0;
}

#define NEVER_CALLED(name)                                                                         \
    __declspec(dllexport) DWORD WINAPI name(void);                                                 \
    DWORD WINAPI name(void) { return ERROR_CALL_NOT_IMPLEMENTED; } /* x64: the caller takes arguments back */

NEVER_CALLED(RasCreatePhonebookEntryW)
NEVER_CALLED(RasEditPhonebookEntryW)
NEVER_CALLED(RasEnumEntriesW)
NEVER_CALLED(RasFreeEapUserIdentityW)
NEVER_CALLED(RasGetEapUserIdentityW)
NEVER_CALLED(RasGetErrorStringW)
NEVER_CALLED(RasSetEntryDialParamsW)

#else
typedef int imports_are_for_windows; /* C wants a declaration in every file */
#endif
