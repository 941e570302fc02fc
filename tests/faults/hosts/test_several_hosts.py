"""Three web and three worker processes on one database and broker, behind a proxy with TLS, each killed in turn."""

import os
import signal

import pytest
from django.db import close_old_connections

from crsmonitor import embedded
from grading.models import VitalSigns
from tests.faults.hosts.proxy import proxied
from tests.faults.rig.sockets import Stream, cookie_of, seconds_for
from tests.faults.rig.stack import START, all_arrived, nobody_is_called_again, unsent, until, ward
from tests.faults.rig.tablets import NO_ANSWER, Tablet
from tests.faults.test_rolling_upgrade import Load

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

HOSTS = 3


def killed(process):
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)


def test_each_of_three_hosts_is_killed_while_sets_are_saved_and_alerts_go_out(stack, hook, record_property):
    world = ward(hook)
    ports = [embedded.free_port() for _ in range(HOSTS)]
    webs = [stack.web(port) for port in ports]
    workers = [stack.worker(concurrency=1) for _ in range(HOSTS)]
    stack.beat()
    stack.until_ready(HOSTS)
    until(lambda: all(map(embedded.port_is_taken, ports)), START, "three servers listen")
    cookie = cookie_of(world.nurse)
    with proxied(ports, stack.folder) as proxy:
        load = Load([Tablet(proxy.address, world, trusted=proxy.trusted)])
        load.thread.start()
        try:
            load.until_more(2)
            for host in range(HOSTS):
                proxy.first = host  # so that a set is being saved there, too
                assert seconds_for(proxy.address, "/alerts/list/", cookie=cookie, trusted=proxy.trusted)[0] == 200
                stream = Stream(proxy.address, cookie, trusted=proxy.trusted)
                stream.until(b"DEMO-001")
                load.until_more(1)

                killed(webs[host])
                killed(workers[host])

                stream.seconds_until_its_end(20)
                again = Stream(proxy.address, cookie, trusted=proxy.trusted)  # as its page does
                again.until(b"DEMO-001")
                again.cut()
                load.until_more(2)
                webs[host], workers[host] = stack.web(ports[host]), stack.worker(concurrency=1)
                until(lambda port=ports[host]: embedded.port_is_taken(port), START, "it is there again")
            load.until_more(2)
        finally:
            load.over.set()
            load.thread.join()
            close_old_connections()
    nobody_is_called_again()
    until(lambda: unsent() == 0, 60, "all that is left has left")

    record_property("told", f"{len(load.bodies)} sets, longest silence {load.silence:.1f} s, {dict(load.statuses)}")
    assert sorted(map(str, VitalSigns.objects.values_list("pk", flat=True))) == sorted(one["id"] for one in load.bodies)
    assert set(load.statuses) <= {201, 200, 503, NO_ANSWER}  # 503: not now, sent again
    assert load.statuses[201] + load.statuses[200] == len(load.bodies)  # each was taken once
    arrived = all_arrived(stack, hook)
    assert arrived.total() > 0
    assert set(arrived.values()) <= {1, 2}  # sent, and its worker killed before that was written down
