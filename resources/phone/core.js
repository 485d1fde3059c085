"use strict";
// What makes a result file trustworthy: UTF-8, SHA-256, HMAC and the one way to write a value.
// crypto.subtle is not there for pages opened from a file, so SHA-256 (FIPS 180-4) is written out.
var Core = (function () {
  var K = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  ];

  // Half of a pair of surrogates is no character: it could not be written as UTF-8.
  function clean(text) {
    return String(text).replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, function (found) {
      return found.length === 2 ? found : "\ufffd";
    });
  }

  function utf8(text) {
    var bytes = [], at, code;
    for (at = 0; at < text.length; at += 1) {
      code = text.codePointAt(at);
      if (code > 0xffff) { at += 1; }
      if (code < 0x80) {
        bytes.push(code);
      } else if (code < 0x800) {
        bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      } else if (code < 0x10000) {
        bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      } else {
        bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      }
    }
    return bytes;
  }

  function rotated(word, by) { return (word >>> by) | (word << (32 - by)); }

  function sha256Bytes(bytes) {
    var h = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    var length = bytes.length, blocks = ((length + 8) >> 6) + 1, padded = new Uint8Array(blocks * 64), w = new Int32Array(64);
    var block, i, a, b, c, d, e, f, g, k, s0, s1, t1, t2, high, low;
    padded.set(bytes);
    padded[length] = 0x80;
    high = Math.floor(length / 0x20000000);
    low = (length << 3) >>> 0;
    for (i = 0; i < 4; i += 1) {
      padded[padded.length - 8 + i] = (high >>> (24 - 8 * i)) & 255;
      padded[padded.length - 4 + i] = (low >>> (24 - 8 * i)) & 255;
    }
    for (block = 0; block < padded.length; block += 64) {
      for (i = 0; i < 16; i += 1) {
        k = block + 4 * i;
        w[i] = (padded[k] << 24) | (padded[k + 1] << 16) | (padded[k + 2] << 8) | padded[k + 3];
      }
      for (i = 16; i < 64; i += 1) {
        s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      a = h[0]; b = h[1]; c = h[2]; d = h[3]; e = h[4]; f = h[5]; g = h[6]; k = h[7];
      for (i = 0; i < 64; i += 1) {
        s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        t1 = (k + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      h[0] = (h[0] + a) | 0; h[1] = (h[1] + b) | 0; h[2] = (h[2] + c) | 0; h[3] = (h[3] + d) | 0;
      h[4] = (h[4] + e) | 0; h[5] = (h[5] + f) | 0; h[6] = (h[6] + g) | 0; h[7] = (h[7] + k) | 0;
    }
    var out = [];
    for (i = 0; i < 32; i += 1) { out.push((h[i >> 2] >>> (24 - 8 * (i & 3))) & 255); }
    return out;
  }

  function hex(bytes) {
    return bytes.map(function (each) { return (each < 16 ? "0" : "") + each.toString(16); }).join("");
  }

  function hmac(key, bytes) {
    var block = key.length > 64 ? sha256Bytes(key) : key.slice(), inner = [], outer = [], i;
    while (block.length < 64) { block.push(0); }
    for (i = 0; i < 64; i += 1) {
      inner.push(block[i] ^ 0x36);
      outer.push(block[i] ^ 0x5c);
    }
    return hex(sha256Bytes(outer.concat(sha256Bytes(inner.concat(bytes)))));
  }

  // Keys in order, no spaces: desktop/exchange/field_result.py writes the same bytes.
  function canonical(value) {
    if (Array.isArray(value)) { return "[" + value.map(canonical).join(",") + "]"; }
    if (value !== null && typeof value === "object") {
      return "{" + Object.keys(value).sort().map(function (key) {
        return JSON.stringify(key) + ":" + canonical(value[key]);
      }).join(",") + "}";
    }
    return JSON.stringify(typeof value === "string" ? clean(value) : value);
  }

  function cleaned(value) {
    if (Array.isArray(value)) { return value.map(cleaned); }
    if (value !== null && typeof value === "object") {
      var out = {};
      Object.keys(value).forEach(function (key) { out[key] = cleaned(value[key]); });
      return out;
    }
    return typeof value === "string" ? clean(value) : value;
  }

  function sealed(sheet, token) {
    var out = cleaned(sheet);
    out.seal = hmac(utf8(token), utf8(canonical(out)));
    return out;
  }

  // The whole file. Pictures stand outside the hash: each is named by its own.
  function result(office, madeAt, sheets, pictures) {
    var file = { format: "townsafe-field", version: 1, office: office, made_at: madeAt, sheets: sheets };
    file.sha256 = hex(sha256Bytes(utf8(canonical(file))));
    file.pictures = pictures;
    return JSON.stringify(file);
  }

  return {
    canonical: canonical, result: result, sealed: sealed, clean: clean, utf8: utf8,
    sha256: function (bytes) { return hex(sha256Bytes(bytes)); }
  };
})();
