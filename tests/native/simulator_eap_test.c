/* SPDX-License-Identifier: MIT */
#include "simulator_harness.h"

#define BAD 0x80070057u /* E_INVALIDARG */

static void set(WCHAR *target, const char *text)
{
    memcpy(target, w(text), 2 * (strlen(text) + 1));
}

static const BYTE card[] = {1, 2, 3, 4, 5};

static void identity(void)
{
    struct sim_eap eap = {.type = 25, .user_name = w("ada@corp"), .info = card,
                          .info_bytes = sizeof card};
    RASEAPUSERIDENTITYW *who = NULL;
    RASDIALEXTENSIONS extensions = {.dwSize = sizeof extensions};
    RASDIALPARAMSW params = params_of("Office");
    RASENTRYW entry = {.dwSize = sizeof entry};
    DWORD bytes = sizeof entry;
    HRASCONN handle = NULL;

    add_vpn();
#define ASK(name, flags, to) ras->RasGetEapUserIdentityW(NULL, w(name), flags, NULL, to)
    IS(ASK("Office", 0, NULL), BAD);
    IS(ASK("", 0, &who), BAD);
    IS(ras->RasGetEapUserIdentityW(NULL, NULL, 0, NULL, &who), BAD);
    IS(ras->RasGetEapUserIdentityW(w("C:\\none"), w("Office"), 0, NULL, &who), 621);
    IS(ASK("Nowhere", 0, &who), 623);
    IS(ASK("Office", 0, &who), 780);
    IS(sim_set_eap(sim, NULL, w("Nowhere"), &eap), 623);
    IS(sim_set_eap(sim, NULL, w("Office"), NULL), 87);
    IS(sim_set_eap(sim, NULL, w("Office"), &eap), 0);
    IS(ASK("Office", RASEAPF_NonInteractive | RASEAPF_Preview, &who), 703);
    CHECK(!who);
    IS(ASK("Office", RASEAPF_NonInteractive, &who), 0);
    CHECK(same(who->szUserName, "ada@corp"));
    IS(who->dwSizeofEapInfo, sizeof card);
    CHECK(!memcmp(who->pbEapInfo, card, sizeof card));
    IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), &entry, &bytes, NULL, NULL), 0);
    CHECK(entry.dwfOptions & RASEO_RequireEAP);
    IS(entry.dwCustomAuthKey, 25);

    IS(ras->RasDialW(&extensions, NULL, &params, 0, NULL, &handle), 703); /* nothing brought */
    hang_up(handle);
    handle = NULL;
    extensions.RasEapInfo.pbEapInfo = who->pbEapInfo;
    extensions.RasEapInfo.dwSizeofEapInfo = who->dwSizeofEapInfo;
    IS(ras->RasDialW(&extensions, NULL, &params, 0, NULL, &handle), 0);
    hang_up(handle);
    ras->RasFreeEapUserIdentityW(who);
    ras->RasFreeEapUserIdentityW(NULL);

    eap.interactive = 1;
    IS(sim_set_eap(sim, NULL, w("Office"), &eap), 0);
    IS(ASK("Office", RASEAPF_NonInteractive, &who), 703);
    IS(ASK("Office", 0, &who), 0);
    ras->RasFreeEapUserIdentityW(who);
    eap.type = 0;
    IS(sim_set_eap(sim, NULL, w("Office"), &eap), 0);
    IS(ASK("Office", 0, &who), 780);
    entry.dwCustomAuthKey = 13; /* and by its properties */
    IS(ras->RasSetEntryPropertiesW(NULL, w("Office"), &entry, bytes, NULL, 0), 0);
    IS(ASK("Office", 0, &who), 0);
    IS(who->dwSizeofEapInfo, 0);
    ras->RasFreeEapUserIdentityW(who);
    sim_close(sim);
    IS(ASK("Office", 0, &who), 711);
    open_engine();
}

static void window(void)
{
    struct sim_eap eap = {.type = 13, .window = 1};
    RASDIALEXTENSIONS pausing = {.dwSize = sizeof pausing, .dwfOptions = RDEOPT_PausedStates};
    RASDIALPARAMSW params = params_of("Office");
    HRASCONN handle = NULL;

    add_vpn();
    IS(sim_set_eap(sim, NULL, w("Office"), &eap), 0);
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 703);
    hang_up(handle);
    handle = NULL;
    IS(ras->RasDialW(&pausing, NULL, &params, 1, (void *)func1, &handle), 0);
    WAIT_FOR(event_count == 8 && !inside);
    STATES(0, 1, 2, 3, 4, 5, 6, RASCS_InvokeEapUI);
    IS(ras->RasInvokeEapUI(NULL, 1, &pausing, NULL), 6);
    IS(ras->RasInvokeEapUI(handle, 1, NULL, NULL), 6);
    IS(ras->RasInvokeEapUI((HRASCONN)(uintptr_t)4, 1, &pausing, NULL), 6);
    pausing.dwSize = 7;
    IS(ras->RasInvokeEapUI(handle, 1, &pausing, NULL), 632);
    pausing.dwSize = sizeof pausing;
    IS(ras->RasInvokeEapUI(handle, 2, &pausing, NULL), 87);
    IS(ras->RasInvokeEapUI(handle, 1, &pausing, NULL), 0);
    CHECK(pausing.RasEapInfo.pbEapInfo && pausing.RasEapInfo.dwSizeofEapInfo);
    IS(ras->RasDialW(&pausing, NULL, &params, 1, (void *)func1, &handle), 0);
    WAIT_FOR(connected_count == 1);
    IS(event_count, 13);
    IS(ras->RasInvokeEapUI(handle, 1, &pausing, NULL), 87);
    hang_up(handle);
}

static void kept_data(void)
{
    BYTE data[8], byte = 9;
    DWORD bytes = sizeof data;

    add_vpn();
#define USER(phonebook, name, to, size) ras->RasGetEapUserDataW(NULL, phonebook, name, to, size)
#define ENTRY(phonebook, name, to, size) ras->RasGetCustomAuthDataW(phonebook, name, to, size)
    IS(USER(NULL, NULL, data, &bytes), BAD);
    IS(USER(NULL, w("Office"), data, NULL), BAD);
    IS(USER(w("C:\\none"), w("Office"), data, &bytes), 621);
    IS(USER(NULL, w("Nowhere"), data, &bytes), 623);
    IS(USER(NULL, w("Office"), data, &bytes), 0);
    IS(bytes, 0);
    IS(ras->RasSetEapUserDataW(NULL, NULL, w("Office"), NULL, 3), BAD);
    IS(ras->RasSetEapUserDataW(NULL, NULL, w("Nowhere"), &byte, 1), 623);
    IS(ras->RasSetEapUserDataW(NULL, w("C:\\none"), w("Office"), &byte, 1), 621);
    IS(ras->RasSetEapUserDataW(NULL, NULL, w("Office"), (BYTE *)card, sizeof card), 0);
    IS(ras->RasSetCustomAuthDataW(NULL, w("Office"), NULL, 0), BAD);
    IS(ras->RasSetCustomAuthDataW(NULL, w("Nowhere"), &byte, 1), 623);
    IS(ras->RasSetCustomAuthDataW(w("C:\\none"), w("Office"), &byte, 1), 621);
    IS(ras->RasSetCustomAuthDataW(NULL, w("Office"), &byte, 1), 0);
    IS(ras->RasSetCustomAuthDataW(NULL, w("Office"), &byte, 1), 0);
    IS(USER(NULL, w("Office"), NULL, &bytes), 603);
    IS(bytes, sizeof card);
    bytes--;
    IS(USER(NULL, w("Office"), data, &bytes), 603);
    IS(USER(NULL, w("Office"), data, &bytes), 0);
    CHECK(!memcmp(data, card, sizeof card));
    IS(ENTRY(NULL, w("Office"), NULL, NULL), BAD);
    IS(ENTRY(w("C:\\none"), w("Office"), data, &bytes), 621);
    IS(ENTRY(NULL, w("Nowhere"), data, &bytes), 623);
    bytes = 0;
    IS(ENTRY(NULL, w("Office"), data, &bytes), 603);
    IS(ENTRY(NULL, w("Office"), data, &bytes), 0);
    CHECK(bytes == 1 && data[0] == 9);
    IS(sim_add_phonebook(sim, NULL, 1), 0);
    sim_set_administrator(sim, 0);
    IS(ras->RasSetCustomAuthDataW(NULL, w("Office"), &byte, 1), 5);
    IS(ras->RasSetEapUserDataW(NULL, NULL, w("Office"), &byte, 1), 0);
}

static void countries(void)
{
    union {
        RASCTRYINFO info;
        BYTE room[256];
    } country = {.info = {.dwSize = sizeof country.info, .dwCountryID = 1}};
    DWORD bytes = sizeof country, found = 0;

    IS(ras->RasGetCountryInfoW(NULL, &bytes), 87);
    IS(ras->RasGetCountryInfoW(&country.info, NULL), 87);
    bytes = 19;
    IS(ras->RasGetCountryInfoW(&country.info, &bytes), 603);
    IS(ras->RasGetCountryInfoW(&country.info, &bytes), 603);
    CHECK(bytes > sizeof country.info);
    IS(ras->RasGetCountryInfoW(&country.info, &bytes), 0);
    CHECK(same((WCHAR *)(void *)(country.room + country.info.dwCountryNameOffset),
               "United States"));
    country.info.dwSize = 19;
    IS(ras->RasGetCountryInfoW(&country.info, &bytes), 1784);
    country.info.dwSize = sizeof country.info;
    country.info.dwCountryID = 9999;
    IS(ras->RasGetCountryInfoW(&country.info, &bytes), 87);
    for (country.info.dwCountryID = 1; country.info.dwCountryID;
         country.info.dwCountryID = country.info.dwNextCountryID) {
        bytes = sizeof country;
        IS(ras->RasGetCountryInfoW(&country.info, &bytes), 0);
        CHECK(country.info.dwCountryCode);
        found++;
    }
    CHECK(found > 10);
}

static void autodial(void)
{
    RASAUTODIALENTRYW list[2] = {{.dwSize = sizeof *list, .dwDialingLocation = 1},
                                 {.dwSize = sizeof *list, .dwDialingLocation = 2}};
    WCHAR *addresses[40];
    DWORD bytes = 0, count = 0, value = 7;
    BOOL enabled = 0;

    add_vpn();
    set(list[0].szEntry, "Nobody");
    set(list[1].szEntry, "Office");
    IS(ras->RasSetAutodialAddressW(w("intranet"), 0, list, sizeof list, 2), 623);
    set(list[0].szEntry, "Office");
    IS(ras->RasGetAutodialAddressW(w(""), NULL, NULL, &bytes, &count), 87);
    IS(ras->RasGetAutodialAddressW(w("intranet"), NULL, NULL, NULL, &count), 87);
    IS(ras->RasGetAutodialAddressW(w("intranet"), NULL, NULL, &bytes, &count), 2);
    IS(ras->RasSetAutodialAddressW(NULL, 0, NULL, 0, 0), 87);
    IS(ras->RasSetAutodialAddressW(w(""), 0, list, sizeof list, 2), 87);
    IS(ras->RasSetAutodialAddressW(w("intranet"), 0, list, sizeof *list, 2), 87);
    list[1].dwSize = 3;
    IS(ras->RasSetAutodialAddressW(w("intranet"), 0, list, sizeof list, 2), 632);
    list[1].dwSize = sizeof *list;
    bytes = count = 9;
    IS(ras->RasGetAutodialAddressW(NULL, NULL, NULL, &bytes, &count), 0);
    CHECK(bytes == 0 && count == 0);
    IS(ras->RasSetAutodialAddressW(NULL, 0, list, sizeof *list, 1), 0);
    IS(ras->RasGetAutodialAddressW(NULL, NULL, NULL, &bytes, &count), 603);
    IS(ras->RasEnumAutodialAddressesW(NULL, &bytes, &count), 0);
    IS(ras->RasSetAutodialAddressW(w("intranet"), 0, list, sizeof list, 2), 0);
    IS(ras->RasSetAutodialAddressW(w("mail"), 0, list, sizeof *list, 1), 0);
    IS(ras->RasSetAutodialAddressW(w("INTRANET"), 0, list, sizeof list, 2), 0);
    IS(ras->RasGetAutodialAddressW(w("intranet"), NULL, NULL, &bytes, &count), 603);
    IS(bytes, sizeof list);
    memset(list, 0, sizeof list);
    list[0].dwSize = 3;
    IS(ras->RasGetAutodialAddressW(w("intranet"), NULL, list, &bytes, &count), 632);
    list[0].dwSize = sizeof *list;
    IS(ras->RasGetAutodialAddressW(w("intranet"), NULL, list, &bytes, &count), 0);
    CHECK(count == 2 && same(list[0].szEntry, "Office") && list[1].dwDialingLocation == 2);

    IS(ras->RasEnumAutodialAddressesW(NULL, NULL, &count), 87);
    bytes = 0;
    IS(ras->RasEnumAutodialAddressesW(NULL, &bytes, &count), 603);
    CHECK(bytes == 2 * sizeof(WCHAR *) + 28 && bytes <= sizeof addresses);
    IS(ras->RasEnumAutodialAddressesW(addresses, &bytes, &count), 0);
    CHECK(count == 2 && same(addresses[0], "INTRANET") && same(addresses[1], "mail"));
    IS(ras->RasSetAutodialAddressW(w("mail"), 0, NULL, 0, 0), 0);
    IS(ras->RasEnumAutodialAddressesW(NULL, &bytes, &count), 603);
    IS(count, 1);
    IS(ras->RasSetAutodialAddressW(w(""), 0, NULL, 0, 0), 0);
    bytes = 0;
    IS(ras->RasGetAutodialAddressW(NULL, NULL, NULL, &bytes, &count), 0);

    IS(ras->RasGetAutodialEnableW(1, NULL), 87);
    IS(ras->RasGetAutodialEnableW(1, &enabled), 0);
    IS(enabled, 1);
    IS(ras->RasSetAutodialEnableW(1, 0), 0);
    IS(ras->RasGetAutodialEnableW(1, &enabled), 0);
    IS(enabled, 0);
    IS(ras->RasGetAutodialEnableW(2, &enabled), 0);
    IS(enabled, 1);
    IS(ras->RasSetAutodialEnableW(1, 1), 0);
    IS(ras->RasGetAutodialEnableW(1, &enabled), 0);
    IS(enabled, 1);

    bytes = sizeof value;
    IS(ras->RasGetAutodialParamW(2, &value, &bytes), 0);
    IS(value, 100);
    IS(ras->RasGetAutodialParamW(5, &value, &bytes), 87);
    IS(ras->RasGetAutodialParamW(2, NULL, &bytes), 87);
    bytes = 8;
    IS(ras->RasGetAutodialParamW(2, &value, &bytes), 632);
    IS(ras->RasSetAutodialParamW(2, &value, 8), 632);
    IS(ras->RasSetAutodialParamW(9, &value, 4), 87);
    value = 50;
    IS(ras->RasSetAutodialParamW(2, &value, 4), 0);
    bytes = sizeof value;
    IS(ras->RasGetAutodialParamW(2, &value, &bytes), 0);
    IS(value, 50);
}

static void update_connection(void)
{
    RASUPDATECONN update = {.version = RASAPIVERSION_601, .dwSize = sizeof update};
    RASCONNSTATUSW now = {.dwSize = sizeof now};
    RASENTRYW entry = {.dwSize = sizeof entry};
    DWORD bytes = sizeof entry;
    HRASCONN handle;

    add_vpn();
    add("Home", "PPPoE", "");
    IS(ras->RasUpdateConnection(NULL, NULL), 87);
    IS(ras->RasUpdateConnection(NULL, &update), 6);
    update.dwSize--;
    IS(ras->RasUpdateConnection(NULL, &update), 632);
    update.dwSize++;
    update.version = 3;
    IS(ras->RasUpdateConnection(NULL, &update), 87);
    update.version = RASAPIVERSION_601;
    handle = dial_entry("Home", 0);
    IS(ras->RasUpdateConnection(handle, &update), 837);
    hang_up(handle);
    SCRIPT("Office", {.state = 5}, {.kind = SIM_SILENCE});
    handle = dial_entry("Office", 0);
    IS(ras->RasUpdateConnection(handle, &update), 844);
    hang_up(handle);
    script("Office", NULL, 0);
    forget();
    handle = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1);
    update.localEndPoint.dwType = 2;
    update.localEndPoint.ipv6[15] = 7;
    IS(ras->RasUpdateConnection(handle, &update), 0);
    IS(ras->RasGetConnectStatusW(handle, &now), 0);
    IS(now.localEndPoint.dwType, 2);
    IS(now.localEndPoint.ipv6[15], 7);
    IS(now.remoteEndPoint.ipv4[0], 198);
    IS(sim_set_substate(sim, NULL, w("Office"), RASCSS_Reconnecting), 0);
    IS(ras->RasUpdateConnection(handle, &update), 838);
    hang_up(handle);
    IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), &entry, &bytes, NULL, NULL), 0);
    entry.dwfOptions2 |= RASEO2_DisableMobility;
    IS(ras->RasSetEntryPropertiesW(NULL, w("Office"), &entry, bytes, NULL, 0), 0);
    handle = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 2);
    IS(ras->RasUpdateConnection(handle, &update), 843);
    hang_up(handle);
}

const struct test eap_tests[] = {
    TEST(identity),  TEST(window),   TEST(kept_data),
    TEST(countries), TEST(autodial), TEST(update_connection),
    {NULL, NULL},
};
