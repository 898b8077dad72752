"""One module a shape of producers' files: each turns a record into a `Service`, or says why it cannot."""
