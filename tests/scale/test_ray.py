"""A cluster of two workers on this machine: the same results, and nothing left behind."""

import sys

import pytest

from ostrom.core.errors import InputError, MissingExtra
from ostrom.scale import Ray, Serial


def test_without_ray_the_install_line_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"pip install 'ostrom\[ray\]'"):
        list(Ray().run(abs, [1]))


@pytest.fixture
def ray():
    """The library, where it is installed."""
    return pytest.importorskip("ray", reason="needs Ray, an optional part: pip install 'ostrom[ray]'")


@pytest.mark.filterwarnings("ignore")  # of Ray's own
@pytest.mark.slow
def test_two_workers_give_what_one_process_does_even_when_one_is_killed(ray, jobs, tmp_path):
    tasks = [("square", 3), ("square", 5), ("dies_once", str(tmp_path / "marker")), ("threads", "PJRT_NPROC")]
    there = dict(Ray(workers=2).run(jobs.does, tasks))
    assert there == {0: 9, 1: 25, 2: "done", 3: "1"}
    assert dict(Serial().run(jobs.does, tasks[:3])) == {number: there[number] for number in range(3)}
    assert not ray.is_initialized()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Ray's own
def test_a_cluster_that_is_there_is_used_and_left(ray, jobs):
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        assert dict(Ray(workers=2).run(jobs.square, range(5))) == {k: k * k for k in range(5)}
        for kind, error, said in (("ours", InputError, "no pet called"), ("plain", ValueError, "3")):
            with pytest.raises(error, match=said):
                list(Ray().run(jobs.fails, [kind]))
        with pytest.raises(InputError, match="lost its worker 3 times: WorkerCrashedError"):
            list(Ray().run(jobs.dies, [0]))
        assert ray.is_initialized()
    finally:
        ray.shutdown()
