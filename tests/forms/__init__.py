"""The form language: kinds, binding, pages, JSON Schema, and the library of forms."""
