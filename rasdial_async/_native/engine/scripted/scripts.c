/* SPDX-License-Identifier: MIT
 *
 * How a dial runs where nobody has scripted the entry: the states each kind of device goes
 * through, in about the proportions of the real thing but little more than a second in all.
 */
#include "scripted.h"

#define MS(n) ((n)*1000u)
#define AFTER(ms, state) {SIM_STEP, state, 0, 0, MS(ms)}
#define LOGIN(ms) {SIM_LOGIN, 6, 0, 0, MS(ms)}

#define OPEN_PORT AFTER(0, 0), AFTER(10, 1)
#define CONNECT(ms) AFTER(5, 2), AFTER(ms, 3), AFTER(5, 4)
#define AUTHENTICATE(ms) AFTER(20, 5), LOGIN(ms)
#define PROJECT(ms) AFTER(20, 10), AFTER(20, 6), AFTER(ms, 18), AFTER(10, 14)
#define CONNECTED(ms) AFTER(ms, RASCS_Connected)

static const struct sim_step modem[] = {
    OPEN_PORT,     CONNECT(700), AUTHENTICATE(200), AFTER(20, 11),
    AFTER(50, 12), PROJECT(150), CONNECTED(100),
};
static const struct sim_step pppoe[] = {
    OPEN_PORT, CONNECT(250), AUTHENTICATE(250), AFTER(50, 12), PROJECT(250), CONNECTED(150),
};
static const struct sim_step pptp[] = {
    OPEN_PORT, CONNECT(300), AUTHENTICATE(300), AFTER(50, 12), PROJECT(250), CONNECTED(150),
};
static const struct sim_step l2tp[] = {
    OPEN_PORT, CONNECT(550), AUTHENTICATE(300), AFTER(50, 12), PROJECT(250), CONNECTED(150),
};
static const struct sim_step sstp[] = {
    OPEN_PORT, CONNECT(450), AUTHENTICATE(300), AFTER(50, 12), PROJECT(250), CONNECTED(150),
};
static const struct sim_step ikev2[] = {
    OPEN_PORT,     CONNECT(450), AUTHENTICATE(350), AFTER(150, 18),
    AFTER(100, 6), AFTER(0, 14), AFTER(50, 24),     CONNECTED(150),
};

static const struct {
    const char *name;
    const struct sim_step *steps;
    uint32_t count;
} kinds[] = {
#define KIND(name, steps) {name, steps, sizeof steps / sizeof *steps}
    KIND("ikev2", ikev2), KIND("sstp", sstp),   KIND("l2tp", l2tp),
    KIND("pptp", pptp),   KIND("pppoe", pppoe), KIND("modem", modem),
#undef KIND
};

const struct sim_step *default_script(const struct device *device, uint32_t *count)
{
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (text_contains(device->name, kinds[i].name) ||
            text_contains(device->type, kinds[i].name)) {
            *count = kinds[i].count;
            return kinds[i].steps;
        }
    }
    *count = sizeof pptp / sizeof *pptp; /* any other tunnel */
    return pptp;
}
