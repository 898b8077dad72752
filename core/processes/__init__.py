"""Work in child processes: how one starts, the pool that shares work out, and what goes over the pipe."""
