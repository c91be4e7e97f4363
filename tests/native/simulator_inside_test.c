/* SPDX-License-Identifier: MIT
 *
 * Clients that hang up inside the notifier and wait there until the handle is invalid.
 */
#include "simulator_harness.h"

static DWORD hang_up_at;       /* a state, or an error */
static int references = 1;     /* that have to be given back */
static atomic_int inside_gone; /* notifiers that have seen 6 */

static void hang_up_and_wait(HRASCONN handle, DWORD state, DWORD error)
{
    if (state != hang_up_at && error != hang_up_at)
        return;
    for (int i = 0; i < references; i++)
        IS(ras->RasHangUpW(handle), 0);
    UNTIL(gone(handle));
    atomic_fetch_add(&inside_gone, 1);
}

static void RAS_CALL waits1(HRASCONN handle, UINT message, DWORD state, DWORD error, DWORD extended)
{
    (void)message, (void)extended;
    hang_up_and_wait(handle, state, error);
}

static DWORD RAS_CALL waits2(ULONG_PTR id, DWORD sub_entry, HRASCONN handle, UINT message,
                             DWORD state, DWORD error, DWORD extended)
{
    (void)id, (void)sub_entry, (void)message, (void)extended;
    hang_up_and_wait(handle, state, error);
    return 1;
}

static HRASCONN dial_waiting(DWORD type, void *notifier, DWORD at)
{
    RASDIALPARAMSW params = params_of("Office");
    HRASCONN handle = NULL;

    hang_up_at = at;
    atomic_store(&inside_gone, 0);
    IS(ras->RasDialW(NULL, NULL, &params, type, notifier, &handle), 0);
    return handle;
}

static void it_ends(void)
{
    UNTIL(atomic_load(&inside_gone) == 1);
    UNTIL(counts().connections == 0 && counts().callbacks == 0);
    IS(counts().open_ports, 0);
}

static void inside_a_failure(void)
{
    add_vpn();
    SCRIPT("Office", {SIM_STEP, 2, 0, 0, 0}, {SIM_FAIL, 5, 691, 0, 0});
    dial_waiting(1, (void *)waits1, 691);
    it_ends();
}

static void inside_any_state(void)
{
    add_vpn();
    dial_waiting(1, (void *)waits1, 3);
    it_ends();
    dial_waiting(1, (void *)waits1, RASCS_Connected);
    it_ends();
}

static void inside_a_link_of_several(void)
{
    add_vpn();
    sim_add_link(sim, NULL, w("Office"), w("modem"), w("Standard Modem"), w("1"));
    sim_add_link(sim, NULL, w("Office"), w("modem"), w("Other Modem"), w("2"));
    dial_waiting(2, (void *)waits2, RASCS_Connected);
    it_ends();
}

static void inside_a_second_reference(void)
{
    HRASCONN first, second;

    add_vpn();
    first = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1);
    references = 2;
    second = dial_waiting(1, (void *)waits1, RASCS_Connected);
    CHECK(second == first);
    it_ends();
    references = 1;
}

const struct test inside_tests[] = {
    TEST(inside_a_failure),
    TEST(inside_any_state),
    TEST(inside_a_link_of_several),
    TEST(inside_a_second_reference),
    {NULL, NULL},
};
