"""The interpreter ends, and RAS does not know it: each program runs in a process of its own.

The library's threads go on calling. They must not be killed inside the callback (CPython ends a
foreign thread that comes for the GIL then), must not crash, and nothing is written to stderr.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import odd_ras
from support.loop_kinds import WAKES

STILL_CALLING = "8 of 8 still call back\n"

BEGIN = """
    odd.report_at_exit()
    loop = asyncio.new_event_loop()
    dialings = [client.dial("late | 0 forever") for _ in range(8)]

    async def begin():
        for dialing in dialings:
            await anext(aiter(dialing))
        while not all(len(dialing.events) > 20 for dialing in dialings):
            await asyncio.sleep(0)
"""


@pytest.mark.parametrize("wake", [wake.__name__ for wake in WAKES])
def test_callbacks_go_on_after_the_interpreter_is_gone(script, wake):
    code, out, err = script(
        f"""
        from rasdial_async.backends import marshal
        marshal.WAKES = (marshal.{wake},)
        """,
        BEGIN,
        """
    loop.run_until_complete(begin())
    """,
    )
    assert (code, out, err) == (0, STILL_CALLING, "")


@pytest.mark.parametrize("wake", [wake.__name__ for wake in WAKES])
def test_callbacks_go_on_after_a_closed_loop_and_the_interpreter(script, wake):
    code, out, err = script(
        f"""
        from rasdial_async.backends import marshal
        marshal.WAKES = (marshal.{wake},)
        """,
        BEGIN,
        """
    loop.run_until_complete(begin())
    loop.close()
    """,
    )
    assert (code, out, err) == (0, STILL_CALLING, "")


def test_asyncio_run_cancels_the_dials(script):
    code, out, err = script(
        """
        odd.report_at_exit()

        async def main():
            for _ in range(8):
                tasks.append(asyncio.ensure_future(client.dial("late | 0 forever")))
            await asyncio.to_thread(odd.wait_count, "callbacks", 8)

        tasks = []
        asyncio.run(main())
        print([task.cancelled() for task in tasks] == [True] * 8, odd.count("handles"), odd.count("hang_ups"))
        """
    )
    assert (code, err) == (0, "")
    assert out == "True 0 8\n" + STILL_CALLING


def test_sys_exit_inside_the_loop(script):
    code, out, err = script(
        """
        odd.report_at_exit()

        async def main():
            dialing = client.dial("late | 0 forever")
            async for event in dialing:
                if len(dialing.events) > 20:
                    sys.exit(3)

        asyncio.run(main())
        """
    )
    assert (code, out, err) == (3, "1 of 1 still call back\n", "")


def test_dials_in_progress_are_hung_up_at_exit(script):
    code, out, err = script(
        """
        loop = asyncio.new_event_loop()
        dialings = [client.dial("port:free | 0 wait:never") for _ in range(4)]

        async def begin():
            for dialing in dialings:
                await anext(aiter(dialing))

        loop.run_until_complete(begin())

        def free():
            odd.wait_count("hang_ups", 4)
            odd.open("free")

        threading.Thread(target=free, daemon=True).start()

        counts = ("hang_ups", "handles", "lost_callers")
        at_the_end.append(lambda: print(*(odd.count(name) for name in counts)))
        """
    )
    assert (code, out, err) == (0, "4 0 0\n", "")


def test_a_held_callback_is_let_go_at_exit(script):
    code, out, err = script(
        """
        loop = asyncio.new_event_loop()
        dialing = client.dial("late | 0 5!691 signal:went", hold_errors=True)

        async def begin():
            events = aiter(dialing)
            assert [(await anext(events)).error for _ in range(2)] == [0, 691]

        loop.run_until_complete(begin())
        print(odd.count("inside"))

        at_the_end.append(lambda: (odd.wait("went"), print(odd.count("inside"), odd.count("handles"))))
        """
    )
    assert (code, out, err) == (0, "1\n0 0\n", "")


@pytest.mark.parametrize("close", [True, False])
def test_a_rasdial_that_never_returns_holds_up_the_exit_for_a_bounded_time(script, close):
    code, out, err = script(
        f"""
        from rasdial_async.backends import exit
        exit.EXIT_SECONDS = 0.3
        loop = asyncio.new_event_loop()
        dialings = [client.dial("late signal:inside wait:never |") for _ in range(3)]

        async def begin():
            for dialing in dialings:
                dialing._begin()
            await loop.run_in_executor(None, odd.wait_count, "threads", 0)
            await loop.run_in_executor(None, odd.wait, "inside")
            await loop.shutdown_default_executor()

        loop.run_until_complete(begin())
        if {close}:
            loop.close()
        print("end")
        """
    )
    assert (code, out, err) == (0, "end\n", "")


@pytest.mark.parametrize("idle", [0.001, 60.0])
def test_a_connection_that_nobody_took_when_the_interpreter_ends(script, idle):
    """Its Dialing is dropped after no thread can be started any more."""
    code, out, err = script(
        f"""
        from rasdial_async.backends import threads
        threads.IDLE_SECONDS = {idle}
        loop = asyncio.new_event_loop()
        dialing = client.dial("| 0 2000")

        async def begin():
            async for event in dialing:
                pass

        loop.run_until_complete(begin())
        loop.close()
        if {idle} < 1:
            for thread in threading.enumerate():
                if thread.name.startswith("rasdial"):
                    thread.join()
        print("end")
        """
    )
    assert (code, out, err) == (0, "end\n", "")


def test_a_dial_that_is_dropped_after_the_modules_are_emptied_says_nothing(script):
    """A daemon thread may keep a module of the user's alive when those of the package are empty already."""
    code, out, err = script(
        """
        from rasdial_async import dialing as module
        loop = asyncio.new_event_loop()
        dialing = client.dial("late | 0 forever")

        async def begin():
            await anext(aiter(dialing))

        loop.run_until_complete(begin())
        loop.close()
        module.sys = None  # as the interpreter does at its end
        del dialing
        print("end")
        """
    )
    assert (code, out, err) == (0, "end\n", "")


def test_a_taken_connection_stays_up_past_the_exit(script):
    code, out, err = script(
        """
        async def main():
            return await client.dial("| 0 2000")

        connection = asyncio.run(main())

        at_the_end.append(lambda: print(odd.count("hang_ups"), odd.count("handles")))
        """
    )
    assert (code, out, err) == (0, "0 1\n", "")


def test_a_library_without_hang_up_at_exit(script, tmp_path):
    path = odd_ras.build(tmp_path, without="NO_HANG_UP")
    code, out, err = script(
        f"""
        from rasdial_async.backends import exit
        exit.EXIT_SECONDS = 0.3
        lame = ras.RasClient(library={str(path)!r})
        loop = asyncio.new_event_loop()
        dialings = [lame.dial("| 0 wait:never"), client.dial("| 0 wait:never")]

        async def begin():
            for dialing in dialings:
                await anext(aiter(dialing))

        loop.run_until_complete(begin())

        at_the_end.append(lambda: print(odd.count("hang_ups")))
        """
    )
    assert (code, out) == (0, "1\n")
    assert "could not be hung up: ERROR_PROC_NOT_FOUND" in err
    assert "Traceback" not in err


def test_a_keyboard_interrupt_ends_the_dial_and_the_program(script):
    code, out, err = script(
        """
        import signal

        async def main():
            dialing = client.dial("port:free | 0 wait:never")
            task = asyncio.ensure_future(dialing)
            await asyncio.to_thread(odd.wait_count, "callbacks", 1)
            asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
            asyncio.get_running_loop().call_later(0.05, odd.open, "free")
            await task

        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            print("interrupted", odd.count("handles"), odd.count("hang_ups"))
        """
    )
    assert (code, out, err) == (0, "interrupted 0 1\n", "")


def test_what_is_collected_last_waits_for_no_thread_that_stands_still():
    """A daemon thread may have stopped for good with the lock of the pool that it belongs to."""
    code = """if True:
        import gc
        import os
        import threading
        from rasdial_async.backends.threads import ThreadPool

        gc.disable()  # but for the last time, when the interpreter ends
        pool, taken = ThreadPool("test", 1), threading.Event()

        def hold():
            with pool._lock:
                taken.set()
                threading.Event().wait()

        class Late:
            def __del__(self, close=pool.close, write=os.write):
                close()
                write(1, b"closed")  # print does nothing any more

        threading.Thread(target=hold, daemon=True).start()
        taken.wait()
        late = Late()
        late.me = late
        del late
    """
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "closed", "")


def test_a_simulator_that_outlives_the_names_of_its_module(script):
    """Python empties the modules that something still holds, those that were imported last before others."""
    code, out, err = script(
        """
        from rasdial_async.simulator import simulator
        asyncio.kept = [simulator, ras.Simulator()]
        sys.kept = asyncio
        """
    )
    assert (code, out, err) == (0, "", "")
