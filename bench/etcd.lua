-- SPDX-License-Identifier: Apache-2.0
-- Requests to etcd's JSON gateway for wrk: put, range. Arguments: mode, number of keys.

local thread_count = 0

function setup(thread)
  thread:set("thread_index", thread_count)
  thread_count = thread_count + 1
end

-- Base64 of nine letters: twelve without padding.
local function base64(text)
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  local coded = {}
  for i = 1, #text, 3 do
    local a, b, c = text:byte(i, i + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    for shift = 18, 0, -6 do
      local digit = math.floor(bits / 2 ^ shift) % 64
      coded[#coded + 1] = alphabet:sub(digit + 1, digit + 1)
    end
  end
  return table.concat(coded)
end

function init(args)
  mode, keys = args[1], tonumber(args[2])
  headers = " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nContent-Type: application/json\r\nContent-Length: "
  -- Several wrk, one for each node, must not ask for the same keys at the same time.
  math.randomseed(os.time() + thread_index + tonumber(wrk.port or 0))
  coded = {}
  for i = 0, keys - 1 do
    coded[i] = base64(string.format("k%08d", i))
  end
  -- 102 letters without padding stand for about the 100 bytes of the other servers.
  value = base64('{"text":"' .. string.rep("x", 91) .. '"}')
end

function request()
  local key = coded[math.random(0, keys - 1)]
  if mode == "range" then
    local body = '{"key":"' .. key .. '"}'
    return "POST /v3/kv/range" .. headers .. #body .. "\r\n\r\n" .. body
  end
  local body = '{"key":"' .. key .. '","value":"' .. value .. '"}'
  return "POST /v3/kv/put" .. headers .. #body .. "\r\n\r\n" .. body
end
