"""Ground of the language; its modules move up one by one."""
