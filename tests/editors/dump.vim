" Write the group of every character of a file, a line each: `offset group`, by bytes.
function! Dump(target) abort
  let l:lines = []
  let l:start = 0
  for l:line in range(1, line('$'))
    for l:column in range(1, len(getline(l:line)))
      let l:group = synIDattr(synID(l:line, l:column, 1), 'name')
      call add(l:lines, (l:start + l:column - 1) . ' ' . l:group)
    endfor
    let l:start += len(getline(l:line)) + 1
  endfor
  call writefile(l:lines, a:target)
endfunction
