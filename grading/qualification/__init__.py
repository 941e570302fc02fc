"""Whether what is installed here is fit and grades as ASTCT says: docs/validation/README.md."""
