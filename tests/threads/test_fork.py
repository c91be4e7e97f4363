"""os.fork(): the child starts afresh, and the parent's dials never notice."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork on this system")

FORKS = """
    import warnings  # RAS's threads are what this is about
    warnings.filterwarnings("ignore", r".* is multi-threaded, use of fork", DeprecationWarning)
"""

PARENT = f"""
    {FORKS}
    def in_child(work):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            try:
                work()
                sys.stdout.flush()
                os._exit(0)
            except BaseException:
                import traceback
                traceback.print_exc()
                os._exit(1)
        assert os.waitpid(pid, 0)[1] == 0

    def refused(function):
        try:
            result = function()
            if asyncio.iscoroutine(result):
                asyncio.run(result)
        except RuntimeError as error:
            print(type(error).__name__, "parent process" in str(error) or str(error))
        else:
            print("not refused")
"""


@pytest.mark.parametrize("wake", ["DescriptorWake", "SocketWake", "CallWake"])
def test_a_fork_in_the_middle_of_a_dial(script, wake):
    code, out, err = script(
        PARENT,
        f"""
    from rasdial_async.backends import marshal
    marshal.WAKES = (marshal.{wake},)
    """,
        """
    def child():
        async def dial():
            with ras.Simulator(pace=0) as sim:
                sim.add_entry("Office")
                dialing = ras.RasClient(sim).dial("Office")
                async with dialing:
                    print("child", dialing.events[-1].state.name)
                print("child", sim.counts.connections)
        asyncio.run(dial())

    async def main():
        dialing = client.dial("| 0 wait:a 1 wait:b 2 2000")
        events = aiter(dialing)
        await anext(events)
        in_child(child)
        odd.open("a")
        await anext(events)
        in_child(child)
        odd.open("b")
        async for event in events:
            pass
        print("parent", [int(event.state) for event in dialing.events])
        await dialing.hang_up()
        print("parent", odd.count("hang_ups"), odd.count("handles"))

    asyncio.run(main())
    """,
    )
    assert err == ""
    assert code == 0
    child = ["child CONNECTED", "child 0"] * 2
    assert out.splitlines() == [*child, "parent [0, 1, 2, 8192]", "parent 1 0"]


def test_what_is_the_parents_is_refused(script):
    code, out, err = script(
        PARENT,
        """
    sim = ras.Simulator(pace=0)
    sim.add_entry("Office")
    simulated = ras.RasClient(sim)

    async def main():
        connection = await client.dial("| 0 2000")
        running = client.dial("| 0 wait:never")
        await anext(aiter(running))
        other = await simulated.dial("Office")

        async def again():
            await running

        async def begin(dialing):
            await dialing

        def child():
            refused(lambda: begin(running))
            refused(lambda: begin(client.dial("| 0 2000")))
            refused(lambda: begin(simulated.dial("Office")))
            refused(connection.status)
            refused(connection.hang_up)
            refused(other.hang_up)
            refused(client.connections)
            refused(lambda: sim.counts)
            sim.close()

        in_child(child)
        assert (await connection.status()).connected
        assert (await other.status()).connected
        await connection.hang_up()
        await other.hang_up()
        await running.hang_up()
        print(odd.count("hang_ups"), odd.count("handles"), sim.counts.connections)

    asyncio.run(main())
    """,
    )
    assert err == ""
    assert code == 0
    assert out.splitlines() == ["RuntimeError True"] * 8 + ["2 0 0"]


def test_dropping_the_parents_dials_in_the_child_hangs_nothing_up(script):
    code, out, err = script(
        PARENT,
        """
    async def main():
        dialings = [client.dial("| 0 wait:go 2000"), client.dial("| 0 2000")]
        await anext(aiter(dialings[0]))
        async for event in dialings[1]:
            pass

        def child():
            dialings.clear()
            gc.collect()
            print(odd.count("hang_ups"))

        in_child(child)
        odd.open("go")
        for dialing in dialings:
            async with dialing as connection:
                print((await connection.status()).connected)

    asyncio.run(main())
    """,
        options=("-W", "error"),
    )
    assert err == ""
    assert (code, out) == (0, "0\nTrue\nTrue\n")


def test_a_fork_while_another_thread_dials(script):
    """The child must not wait for a lock that a thread of the parent holds."""
    code, out, err = script(
        PARENT,
        """
    stop = threading.Event()

    def dial_all_the_time():
        async def main():
            with ras.Simulator(pace=0, release_delay=0) as sim:
                sim.add_entry("Office")
                mine = ras.RasClient(sim)
                while not stop.is_set():
                    async with mine.dial("Office"):
                        pass
        asyncio.run(main())

    def child():
        import signal
        signal.alarm(10)
        async def main():
            with ras.Simulator(pace=0, release_delay=0) as sim:
                sim.add_entry("Office")
                async with ras.RasClient(sim).dial("Office"):
                    pass
            again = ras.RasClient(library=odd.path)
        asyncio.run(main())

    threads = [threading.Thread(target=dial_all_the_time) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        in_child(child)
    stop.set()
    for thread in threads:
        thread.join()
    print("done")
    """,
        options=("-W", "ignore::DeprecationWarning"),
    )
    assert err == ""
    assert (code, out) == (0, "done\n")


def test_the_exit_handlers_of_a_child_leave_the_parents_dial_alone(script):
    """No more than these: a loop of the parent's that is collected spoils the epoll that both have."""
    code, out, err = script(
        FORKS,
        """
    async def begin():
        await anext(aiter(dialing))

    dialing = client.dial("| 0 wait:go 2000")
    loop = asyncio.new_event_loop()
    loop.run_until_complete(begin())
    if os.fork() == 0:
        atexit._run_exitfuncs()
        os._exit(0)
    assert os.wait()[1] == 0
    assert odd.count("hang_ups") == 0
    odd.open("go")

    async def end():
        async with dialing as connection:
            print((await connection.status()).connected)

    loop.run_until_complete(end())
    loop.close()
    """,
    )
    assert err == ""
    assert (code, out) == (0, "True\n")
