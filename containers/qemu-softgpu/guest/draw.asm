; Drawing into a 1024x768x16 buffer in memory, clipped.  Everything is made of horizontal runs.
;
; Pictures are data: lists of shapes (macros below), drawn around an origin by draw_list.

; --- shape lists ---
SHAPE_END       equ 0
SHAPE_RECT      equ 1
SHAPE_ROUND     equ 2
SHAPE_DISC      equ 3
SHAPE_POLY      equ 4

%macro RECT 5                   ; x, y, width, height, colour
    db SHAPE_RECT
    dw %1, %2, %3, %4, %5
%endmacro

%macro ROUND 6                  ; x, y, width, height, corner radius, colour
    db SHAPE_ROUND
    dw %1, %2, %3, %4, %5, %6
%endmacro

%macro DISC 4                   ; centre x, y, radius, colour
    db SHAPE_DISC
    dw %1, %2, %3, %4
%endmacro

%macro POLY 2-*                 ; colour, then x, y of each corner; convex
    db SHAPE_POLY
    dw %1, (%0 - 1) / 2
    %rotate 1
    %rep %0 - 1
    dw %1
    %rotate 1
    %endrep
%endmacro

%macro END_SHAPES 0
    db SHAPE_END
%endmacro

%macro NEXT 1                   ; register = next signed word of the list
    movsx %1, word [esi]
    add esi, 2
%endmacro

; esi = list, ebx = origin x, ecx = origin y.  Keeps all registers.
draw_list:
    pusha
    mov [origin_x], ebx
    mov [origin_y], ecx
.next:
    movzx eax, byte [esi]
    inc esi
    cmp al, SHAPE_END
    je .done
    call [shape_table + eax * 4 - 4]
    jmp .next
.done:
    popa
    ret

align 4
shape_table dd shape_rect, shape_round, shape_disc, shape_poly

shape_rect:
    NEXT ebx
    NEXT ecx
    NEXT edx
    NEXT edi
    NEXT eax
    add ebx, [origin_x]
    add ecx, [origin_y]
    jmp fill_rect

shape_round:
    NEXT ebx
    NEXT ecx
    NEXT edx
    NEXT edi
    NEXT ebp
    NEXT eax
    add ebx, [origin_x]
    add ecx, [origin_y]
    jmp fill_round

shape_disc:
    NEXT ebx
    NEXT ecx
    NEXT ebp
    NEXT eax
    add ebx, [origin_x]
    add ecx, [origin_y]
    jmp fill_disc

shape_poly:
    NEXT eax
    NEXT edx
    mov edi, points
    mov [poly_count], edx
.corner:
    NEXT ebx
    add ebx, [origin_x]
    mov [edi], ebx
    NEXT ebx
    add ebx, [origin_y]
    mov [edi + 4], ebx
    add edi, 8
    dec edx
    jnz .corner
    jmp fill_poly

; --- shapes; all keep every register ---

; ebx = x, ecx = y, edx = end of x (not included), ax = colour
hline:
    pusha
    cmp ecx, [clip_y0]
    jl .out
    cmp ecx, [clip_y1]
    jge .out
    cmp ebx, [clip_x0]
    jge .left
    mov ebx, [clip_x0]
.left:
    cmp edx, [clip_x1]
    jle .right
    mov edx, [clip_x1]
.right:
    sub edx, ebx
    jle .out
    mov edi, ecx
    shl edi, 11                 ; PITCH
    lea edi, [edi + ebx * 2]
    add edi, [target]
    mov ecx, edx
    cmp byte [translucent], 0
    jne .blend
    mov edx, eax
    shl edx, 16
    mov dx, ax
    mov eax, edx
    shr ecx, 1
    rep stosd
    jnc .out                    ; stosd leaves the carry of shr alone
    stosw
.out:
    popa
    ret
.blend:                         ; half of each: drop every channel's lowest bit, halve, add
    and eax, 0xf7de
    shr eax, 1
.blend_one:
    movzx edx, word [edi]
    and edx, 0xf7de
    shr edx, 1
    add edx, eax
    mov [edi], dx
    add edi, 2
    loop .blend_one
    popa
    ret

; ebx = x, ecx = y, edx = width, edi = height, ax = colour
fill_rect:
    pusha
    add edx, ebx
.row:
    dec edi
    js .out
    call hline
    inc ecx
    jmp .row
.out:
    popa
    ret

; ebx = centre x, ecx = centre y, ebp = radius, ax = colour
fill_disc:
    pusha
    sub ebx, ebp
    sub ecx, ebp
    lea edx, [ebp * 2 + 1]
    mov edi, edx
    call fill_round
    popa
    ret

; ebx = x, ecx = y, edx = width, edi = height, ebp = corner radius, ax = colour
fill_round:
    pusha
    add edx, ebx
    mov [round_x0], ebx
    mov [round_x1], edx
    mov [round_h], edi
    xor esi, esi                ; row
.row:
    cmp esi, [round_h]
    jge .out
    mov ebx, ebp                ; distance to the centre line of the nearer pair of corners
    sub ebx, esi
    mov edx, [round_h]
    sub edx, ebp
    neg edx
    lea edx, [edx + esi + 1]
    cmp ebx, edx
    jge .nearer
    mov ebx, edx
.nearer:
    xor edi, edi
    test ebx, ebx
    jle .span                   ; between the corners: full width
    call circle_inset
.span:
    mov ebx, [round_x0]
    add ebx, edi
    mov edx, [round_x1]
    sub edx, edi
    call hline
    inc ecx
    inc esi
    jmp .row
.out:
    popa
    ret

; ebp = radius, ebx = rows from the centre; edi = how far the circle's edge is inside its box on that row
circle_inset:
    push eax
    push edx
    push ecx
    mov edx, ebp
    imul edx, ebp
    add edx, ebp                ; (r + 1/2)^2, the rounder circle
    mov eax, ebx
    imul eax, ebx
    sub edx, eax                ; room for x^2
    mov ecx, ebp
.narrow:
    mov eax, ecx
    imul eax, ecx
    cmp eax, edx
    jle .found
    dec ecx
    jnz .narrow
.found:
    mov edi, ebp
    sub edi, ecx
    pop ecx
    pop edx
    pop eax
    ret

; points = corners (x, y dwords), [poly_count] of them, convex; ax = colour
fill_poly:
    pusha
    mov [poly_colour], eax
    mov eax, SCREEN_H           ; top and bottom
    mov edx, -1
    xor ebp, ebp
.corner:
    mov ecx, [points + ebp * 8 + 4]
    cmp ecx, eax
    jge .not_top
    mov eax, ecx
.not_top:
    cmp ecx, edx
    jle .not_bottom
    mov edx, ecx
.not_bottom:
    inc ebp
    cmp ebp, [poly_count]
    jl .corner
    test eax, eax
    jns .top_inside
    xor eax, eax
.top_inside:
    cmp edx, SCREEN_H
    jl .bottom_inside
    mov edx, SCREEN_H - 1
.bottom_inside:
    mov [poly_top], eax
    mov [poly_bottom], edx
.empty_row:
    cmp eax, edx
    jg .edges
    mov dword [row_left + eax * 4], 0x7fff
    mov dword [row_right + eax * 4], -0x8000
    inc eax
    jmp .empty_row
.edges:
    xor ebp, ebp
.edge:
    lea esi, [points + ebp * 8]
    inc ebp
    mov edi, ebp
    cmp edi, [poly_count]
    jl .no_wrap
    xor edi, edi
.no_wrap:
    lea edi, [points + edi * 8]
    call poly_edge
    cmp ebp, [poly_count]
    jl .edge
    mov ecx, [poly_top]
    mov eax, [poly_colour]
.row:
    cmp ecx, [poly_bottom]
    jg .out
    mov ebx, [row_left + ecx * 4]
    mov edx, [row_right + ecx * 4]
    inc edx
    call hline
    inc ecx
    jmp .row
.out:
    popa
    ret

; esi, edi = the edge's corners: widens row_left and row_right along it
poly_edge:
    push ebp
    mov ecx, [esi + 4]
    mov ebp, [edi + 4]
    cmp ecx, ebp
    jle .down
    xchg esi, edi
    xchg ecx, ebp
.down:
    sub ebp, ecx                ; height
    jz .flat
    mov eax, [edi]
    sub eax, [esi]
    shl eax, 16
    cdq
    idiv ebp
    mov edx, eax                ; x step, 16.16
    mov ebx, [esi]
    shl ebx, 16
    add ebx, 0x8000
.step:
    mov eax, ebx
    sar eax, 16
    call poly_widen
    add ebx, edx
    inc ecx
    dec ebp
    jns .step
    pop ebp
    ret
.flat:
    mov eax, [esi]
    call poly_widen
    mov eax, [edi]
    call poly_widen
    pop ebp
    ret

; eax = x, ecx = y
poly_widen:
    cmp ecx, SCREEN_H           ; unsigned: rows above the screen are out, too
    jae .out
    cmp eax, [row_left + ecx * 4]
    jge .right
    mov [row_left + ecx * 4], eax
.right:
    cmp eax, [row_right + ecx * 4]
    jle .out
    mov [row_right + ecx * 4], eax
.out:
    ret

; --- text ---

; esi = text ending with 0, ebx = x, ecx = y, edx = scale, ax = colour.  Keeps all registers.
draw_text:
    pusha
.next:
    movzx edi, byte [esi]
    inc esi
    test edi, edi
    jz .out
    call draw_glyph
    lea ebx, [ebx + edx * 8]
    jmp .next
.out:
    popa
    ret

; edi = character, ebx = x, ecx = y, edx = scale, ax = colour.  Keeps all registers.
draw_glyph:
    pusha
    shl edi, 4
    lea esi, [FONT + edi]
    mov ebp, 16
.row:
    push ebx
    push ebp
    movzx ebp, byte [esi]
    inc esi
    shl ebp, 24
.pixel:
    add ebp, ebp                ; the next pixel falls into carry
    jnc .blank
    push edx
    mov edi, edx
    call fill_rect
    pop edx
.blank:
    add ebx, edx
    test ebp, ebp
    jnz .pixel
    pop ebp
    pop ebx
    add ecx, edx
    dec ebp
    jnz .row
    popa
    ret

; --- clipping and target ---

clip_all:
    mov dword [clip_x0], 0
    mov dword [clip_y0], 0
    mov dword [clip_x1], SCREEN_W
    mov dword [clip_y1], SCREEN_H
    ret

; the scene: all but the strip
clip_scene:
    call clip_all
    mov dword [clip_y1], STRIP_Y
    ret
