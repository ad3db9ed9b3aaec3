-- SPDX-License-Identifier: Apache-2.0
-- Requests to Drey for wrk: get, put, increment, page, or all (every key once).
-- Arguments: mode, store id, number of keys, token; for "all" also the start of the names of files that each of two
-- threads makes when it is through, since wrk itself only stops by time. Raw text instead of wrk.format, which costs more than the request.

local thread_count = 0

function setup(thread)
  thread:set("thread_index", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  mark = (args[5] or "") .. thread_index
  mode, store, keys = args[1], "/v1/stores/" .. args[2] .. "/records", tonumber(args[3])
  headers = " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nAuthorization: Bearer " .. args[4] .. "\r\n"
  json = headers .. "Content-Type: application/json\r\nContent-Length: "
  filler = string.rep("x", 72)
  -- Several wrk, one for each node, must not ask for the same keys at the same time.
  math.randomseed(os.time() + thread_index + tonumber(wrk.port or 0))
  next_key, last_key = thread_index * keys / 2, (thread_index + 1) * keys / 2
  answered = 0
end

function request()
  if mode == "all" then
    local key = next_key
    next_key = next_key + 1
    return string.format("GET %s/k%08d%s\r\n", store, math.min(key, keys - 1), headers)
  end
  local key = math.random(0, keys - 1)
  if mode == "get" then
    return string.format("GET %s/k%08d%s\r\n", store, key, headers)
  elseif mode == "put" then
    return string.format('PUT %s/k%08d%s100\r\n\r\n{"id":"k%08d","text":"%s"}', store, key, json, key, filler)
  elseif mode == "increment" then
    return string.format('POST %s/c%08d/increment%s8\r\n\r\n{"by":1}', store, key, json)
  end
  return string.format("GET %s?limit=1000&after=k%08d%s\r\n", store, math.max(0, key - 1001), headers)
end

function response()
  answered = answered + 1
  if mode == "all" and answered == keys / 2 then
    io.open(mark, "w"):close()
  end
end
