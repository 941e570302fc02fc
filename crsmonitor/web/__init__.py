"""The web process: one event loop that talks to the network, and threads that hold a database connection.

The loop takes whole bodies in and gives answers out, however slow the other side is; a thread is taken only for as
long as Django works. Threads are divided into lanes, so that no kind of request can keep another from being answered.
"""
