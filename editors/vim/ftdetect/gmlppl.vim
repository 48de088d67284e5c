" `.gml` files of other kinds (graphs, geography, games) do not look like this.
autocmd BufNewFile,BufRead *.gml call s:detect()

function! s:detect() abort
  let l:lines = getline(1, 200)
  let l:is_model = line('$') == 1 && getline(1) ==# ''
  for l:line in l:lines
    if l:line =~# '^\s*<?xml\|^\s*graph\s*\['
      return
    endif
    if l:line =~# '^\s*\%(dim\|data\|const\|param\|factor\|fn\|dist\)\>\|^\s*@\h\|\s\~\s\|^for \h\w* in '
      let l:is_model = 1
    endif
  endfor
  if l:is_model
    set filetype=gmlppl
  endif
endfunction
