"""Play logs in and out: readers and writers of file formats, and the way into the API."""
