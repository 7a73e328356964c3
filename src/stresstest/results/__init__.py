"""What a run leaves behind: schema, the only Parquet writer, hashes, manifest, and a read-only view of a run folder."""
