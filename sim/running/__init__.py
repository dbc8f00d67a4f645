"""Running cells: in this process, on local processes, on a cluster."""
