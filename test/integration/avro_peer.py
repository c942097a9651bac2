"""Reads and writes Avro in Confluent's framing with fastavro, by the schemas of schemas/.

avro_peer.py read SCHEMA HEX         prints the record as JSON
avro_peer.py write SCHEMA ID RECORD  prints the framed record in hex
"""

import io
import json
import struct
import sys

import fastavro

verb, path, *rest = sys.argv[1:]
schema = fastavro.schema.load_schema(path)
if verb == "read":
    framed = bytes.fromhex(rest[0])
    magic, schema_id = struct.unpack(">bI", framed[:5])
    body = io.BytesIO(framed[5:])
    record = fastavro.schemaless_reader(body, schema)
    print(json.dumps({"magic": magic, "schema_id": schema_id, "record": record, "left": len(body.read())}))
else:
    body = io.BytesIO()
    fastavro.schemaless_writer(body, schema, json.loads(rest[1]))
    print((struct.pack(">bI", 0, int(rest[0])) + body.getvalue()).hex())
