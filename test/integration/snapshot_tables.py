"""Computes the id of a stored snapshot from its tables by docs/SNAPSHOT_FORMAT.md, and writes them as pandas does."""

import hashlib
import json
import struct
import sys

import pandas as pd

folder, out = sys.argv[1:]
interactions = pd.read_parquet(f"{folder}/interactions.parquet")
items = pd.read_parquet(f"{folder}/items.parquet")


def text(value):
    encoded = str(value).encode()
    return struct.pack("<I", len(encoded)) + encoded


def optional(value, encode):
    return b"\0" if pd.isna(value) else b"\1" + encode(value)


def genres(names):
    separate = names.split("|") if names else []
    return struct.pack("<I", len(separate)) + b"".join(text(name) for name in separate)


def kind(ids):
    return b"\0" if pd.api.types.is_integer_dtype(ids) else b"\1"


users = interactions["user_id"].drop_duplicates().tolist()
user_row = {user: row for row, user in enumerate(users)}
item_row = {item: row for row, item in enumerate(items["movie_id"])}

digest = hashlib.sha256(b"reprise-snapshot" + struct.pack("<I", 1))
digest.update(kind(interactions["user_id"]) + kind(items["movie_id"]))
digest.update(struct.pack("<I", len(users)) + b"".join(text(user) for user in users))
digest.update(struct.pack("<I", len(items)))
for row in items.itertuples(index=False):
    year = optional(row.year, lambda year: struct.pack("<i", int(year)))
    digest.update(text(row.movie_id) + optional(row.title, text) + year + genres(row.genres))
digest.update(struct.pack("<I", len(interactions)))
for row in interactions.itertuples(index=False):
    fixed = struct.pack("<IIfI", user_row[row.user_id], item_row[row.movie_id], row.value, row.count)
    digest.update(fixed + optional(row.timestamp, lambda time: struct.pack("<q", time.value // 1_000_000)))

shuffled = interactions.sample(frac=1, random_state=1)
shuffled.to_parquet(f"{out}/interactions.parquet", compression="zstd", index=False)
items.to_parquet(f"{out}/items.parquet", compression="gzip", index=False)
print(
    json.dumps(
        {
            "id": digest.hexdigest(),
            "types": {name: str(dtype) for name, dtype in interactions.dtypes.items()},
            "mean": float(interactions["value"].astype("float64").mean()),
        }
    )
)
