"""The district: organisations, people, homes, hazards, parameters and rights; knows no HTTP and no diagram."""
