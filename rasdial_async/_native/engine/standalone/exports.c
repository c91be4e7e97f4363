/* SPDX-License-Identifier: MIT
 *
 * The functions that clients link against but that the simulator does not have: two windows, and a
 * register of mobile networks.
 */
#include "standalone.h"

#include "../calls.h"

DWORD RAS_CALL RasCreatePhonebookEntryW(HWND window, const WCHAR *phonebook)
{
    (void)window, (void)phonebook;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasCreatePhonebookEntryA(HWND window, const char *phonebook)
{
    (void)window, (void)phonebook;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasEditPhonebookEntryW(HWND window, const WCHAR *phonebook, const WCHAR *entry)
{
    (void)window, (void)phonebook, (void)entry;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasEditPhonebookEntryA(HWND window, const char *phonebook, const char *entry)
{
    (void)window, (void)phonebook, (void)entry;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasGetPCscf(WCHAR *address)
{
    (void)address;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

void RAS_CALL RasFreeEapUserIdentityW(RASEAPUSERIDENTITYW *identity)
{
    ras_free_eap_user_identity(identity);
}
