-- Asks for the page under an address that nobody asked for before, so that no cache has it.
local seed, number = os.time(), 0

function request()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?visit=" .. seed .. "-" .. number)
end
