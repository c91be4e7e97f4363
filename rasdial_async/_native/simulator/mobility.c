/* SPDX-License-Identifier: MIT
 *
 * IKEv2 connections on the move: their substate, and RasUpdateConnection, which gives them other
 * end points.
 */
#include "calls.h"

DWORD sim_set_substate(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                       DWORD substate)
{
    struct connection *connection;
    DWORD error;
    struct line *line = line_enter(engine, phonebook, name, &error);

    if (!line)
        return error;
    connection = line->current;
    if (!connection || connection->phase != UP) {
        error = ERROR_NO_CONNECTION;
    } else if (!device_is_ikev2(connection->entry->device)) {
        error = ERROR_INVALID_PARAMETER;
    } else {
        error = ERROR_SUCCESS;
        connection->substate = substate;
        if (substate == RASCSS_Dormant)
            watches_tell(engine, connection, RASCN_Dormant);
        else if (substate == RASCSS_Reconnected)
            watches_tell(engine, connection, RASCN_ReConnection);
    }
    line_leave(engine);
    return error;
}

static DWORD move(struct sim *engine, HRASCONN handle, const RASUPDATECONN *update)
{
    struct connection *connection = connection_find(engine, handle);

    if (!connection)
        return ERROR_INVALID_HANDLE;
    if (!device_is_ikev2(connection->entry->device))
        return ERROR_INVALID_TUNNELID;
    if (connection->phase != UP)
        return ERROR_CANNOT_INITIATE_MOBIKE_UPDATE;
    if (!connection->mobile)
        return ERROR_MOBIKE_DISABLED;
    if (connection->substate == RASCSS_Reconnecting)
        return ERROR_UPDATECONNECTION_REQUEST_IN_PROCESS;
    connection->local = update->localEndPoint;
    connection->remote = update->remoteEndPoint;
    return ERROR_SUCCESS;
}

DWORD ras_update_connection(struct sim *engine, HRASCONN handle, RASUPDATECONN *update)
{
    DWORD error;

    if (!update || update->version != RASAPIVERSION_601 || update->localEndPoint.dwType > 2 ||
        update->remoteEndPoint.dwType > 2)
        return ERROR_INVALID_PARAMETER;
    if (update->dwSize != sizeof *update)
        return ERROR_INVALID_SIZE;
    os_lock(&engine->lock);
    error = move(engine, handle, update);
    os_unlock(&engine->lock);
    return error;
}
