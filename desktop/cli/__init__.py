"""The command line: the same services as the window.

Nothing heavy is imported until a command needs it: the start of the window passes here as well, to ask whether there
is a command at all. `run` is the whole of it. Exit status: 0 done · 1 done but something was refused or found wrong ·
2 unusable arguments or input · 3 the data folder cannot be used. An error is one sentence on standard error, never a
traceback.
"""

import importlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from desktop.cli.call import DONE, NO_FOLDER, REFUSED, UNUSABLE, Call, FolderTrouble, status_of
from desktop.cli.output import Output, speak_utf8
from desktop.cli.parser import Declined, Unusable, names_command, parser
from desktop.domain.errors import Said

__all__ = ["names_command", "run"]

log = logging.getLogger(__name__)


def run(argv: Sequence[str]) -> int:
    """Carry out one command; the answer is the exit status. May be called again and again in one process."""
    speak_utf8()
    _keep_log_silent()
    out = Output("--json" in argv)
    try:
        status = _carry_out(argv, out)
        if sys.stdout is not None:  # `pythonw` has no streams at all
            sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    return status


def _carry_out(argv: Sequence[str], out: Output) -> int:
    try:
        arguments = parser().parse_args(argv)
        module, function = arguments.work.split(":")
        work = getattr(importlib.import_module(f"desktop.cli.{module}"), function)
        return int(work(Call(arguments, out)))
    except SystemExit:  # argparse has shown the help
        return DONE
    except Unusable as error:
        out.complain("arguments", str(error))
        return UNUSABLE
    except Declined as error:
        out.complain("declined", str(error))
        return REFUSED
    except FolderTrouble as error:
        out.complain(error.cause.code, _sentence(error.cause))
        return NO_FOLDER
    except Said as error:
        out.complain(error.code, _sentence(error))
        return status_of(error)
    except KeyboardInterrupt:
        out.complain("cancelled", "已中断，没有做完的操作已全部撤回。")
        return REFUSED
    except BrokenPipeError:
        raise
    except Exception:
        # The outermost edge: whoever types a command never sees a traceback.
        with _log_file() as path:
            log.exception("a command failed")
        out.complain("bug", f"程序出错，没有做完的操作已全部撤回，原有数据没有改动；请把日志 {path} 发给维护人员。")
        return REFUSED


@contextmanager
def _log_file() -> Iterator[Path]:
    """The program's log, open while the trace of a bug is written."""
    from desktop.system.folders import home
    from desktop.system.log import FILE_NAME, start_log, stop_log

    handler = start_log(home().logs)
    yield home().logs / FILE_NAME
    if handler is not None:
        stop_log(handler)


def _sentence(error: Said) -> str:
    from desktop.text import sentence

    return sentence(error)


def _keep_log_silent() -> None:
    """Without any handler Python would print warnings and traces on standard error."""
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())


def _reader_gone() -> int:
    """Whoever read our output (`| head`) has seen enough; Python must not complain about it at its exit."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (it lives as long as the process)
    return DONE
