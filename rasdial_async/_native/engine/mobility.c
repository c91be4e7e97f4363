/* SPDX-License-Identifier: MIT
 *
 * IKEv2 connections on the move: RasUpdateConnection gives them other end points. One of an unknown
 * type stays as it was.
 */
#include "calls.h"

static DWORD move(struct engine *engine, HRASCONN handle, const RASUPDATECONN *update)
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
    if (update->localEndPoint.dwType)
        connection->local = update->localEndPoint;
    if (update->remoteEndPoint.dwType)
        connection->remote = update->remoteEndPoint;
    return ERROR_SUCCESS;
}

DWORD ras_update_connection(struct engine *engine, HRASCONN handle, RASUPDATECONN *update)
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
