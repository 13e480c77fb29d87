; What reaches the video card.  A frame restores what moving things covered, draws them again on the canvas, and copies only those rectangles to the card.

SHOW_PICTURE    equ 0
SHOW_BLACK      equ 1
SHOW_BLUE       equ 2
SHOW_FATAL      equ 3           ; blue with a text

BLUE            equ RGB(0, 0, 168)

; Everything that moves or changes has a slot of its own
SLOT_CAR        equ 0           ; three cars, twice: the train may be leaving and coming at the same time
SLOT_PUFF       equ 6
SLOT_CLOUD      equ SLOT_PUFF + PUFFS
SLOT_MILL       equ SLOT_CLOUD + CLOUDS
SLOT_POINTER    equ SLOT_MILL + 1
SLOT_STATUS     equ SLOT_POINTER + 1
SLOT_ECHO       equ SLOT_STATUS + 1
SLOTS           equ SLOT_ECHO + 1

struc box                       ; in pixels, ends not included, x in steps of COPY_PIXELS; x1 = 0: nothing
    .x0         resd 1
    .y0         resd 1
    .x1         resd 1
    .y1         resd 1
endstruc

COPY_PIXELS     equ 16          ; 32 bytes at a time

; Notes where a slot has been drawn: eax = slot, ebx = x, ecx = y, edx = width, edi = height.  Keeps all registers.
mark_dirty:
    pusha
    shl eax, 4                  ; box_size
    lea esi, [dirty + eax]
    add edx, ebx
    add edi, ecx
    and ebx, -COPY_PIXELS
    jns .x0
    xor ebx, ebx
.x0:
    test ecx, ecx
    jns .y0
    xor ecx, ecx
.y0:
    add edx, COPY_PIXELS - 1
    and edx, -COPY_PIXELS
    cmp edx, SCREEN_W
    jle .x1
    mov edx, SCREEN_W
.x1:
    cmp edi, STRIP_Y
    jle .y1
    mov edi, STRIP_Y
.y1:
    cmp ebx, edx
    jge .out
    cmp ecx, edi
    jge .out
    mov [esi + box.x0], ebx
    mov [esi + box.y0], ecx
    mov [esi + box.x1], edx
    mov [esi + box.y1], edi
.out:
    popa
    ret

; Begins a frame: what was drawn in the last one, and what changed in the background since, goes back to background.
frame_begin:
    mov esi, dirty
    mov edi, stale
    mov ecx, SLOTS * box_size / 4
    rep movsd
    mov edi, dirty
    xor eax, eax
    mov ecx, SLOTS * box_size / 4
    rep stosd
    mov esi, stale
    mov ecx, SLOTS
.slot:
    pusha
    call restore_box
    popa
    add esi, box_size
    loop .slot
    ret

; Ends a frame: what was restored and what was drawn goes to the card; where the two overlap, in one piece.
frame_end:
    cmp byte [show], SHOW_PICTURE
    jne .out
    mov esi, stale
    mov edi, dirty
    mov ecx, SLOTS
.slot:
    pusha
    call boxes_join
    jc .both
    mov esi, joined
    call present_box
    jmp .next
.both:
    push edi
    call present_box
    pop esi
    call present_box
.next:
    popa
    add esi, box_size
    add edi, box_size
    loop .slot
.out:
    ret

; esi, edi = boxes: [joined] = a box around both.  Carry set when they do not overlap.
boxes_join:
    mov eax, [esi + box.x0]
    cmp eax, [edi + box.x1]
    jge .apart
    mov ebx, [edi + box.x0]
    cmp ebx, [esi + box.x1]
    jge .apart
    mov ecx, [esi + box.y0]
    cmp ecx, [edi + box.y1]
    jge .apart
    mov edx, [edi + box.y0]
    cmp edx, [esi + box.y1]
    jge .apart
    cmp eax, ebx
    jle .left
    mov eax, ebx
.left:
    mov [joined + box.x0], eax
    cmp ecx, edx
    jle .top
    mov ecx, edx
.top:
    mov [joined + box.y0], ecx
    mov eax, [esi + box.x1]
    cmp eax, [edi + box.x1]
    jge .right
    mov eax, [edi + box.x1]
.right:
    mov [joined + box.x1], eax
    mov eax, [esi + box.y1]
    cmp eax, [edi + box.y1]
    jge .bottom
    mov eax, [edi + box.y1]
.bottom:
    mov [joined + box.y1], eax
    clc
    ret
.apart:
    stc
    ret

; Canvas = background inside the box at esi.  May use all registers.
restore_box:
    call box_place
    jz box_nothing
    mov ebp, PITCH
    lea edi, [CANVAS + esi]
    add esi, BACKGROUND
    jmp copy_box

; Card = canvas inside the box at esi.  May use all registers.
present_box:
    mov edi, [esi + box.y0]
    imul edi, [screen_pitch]
    add edi, [screen_base]
    mov eax, [esi + box.x0]
    lea edi, [edi + eax * 2]
    call box_place
    jz box_nothing
    mov ebp, [screen_pitch]
    add esi, CANVAS
    jmp copy_box

; esi = box: esi = offset of its corner in our buffers, edx = width, ecx = height; zero flag set when there is nothing
box_place:
    mov edx, [esi + box.x1]
    mov ecx, [esi + box.y1]
    sub ecx, [esi + box.y0]
    mov eax, [esi + box.y0]
    shl eax, 11                 ; PITCH
    mov ebx, [esi + box.x0]
    lea eax, [eax + ebx * 2]
    sub edx, ebx
    mov esi, eax
box_nothing:
    ret

; esi = from, one of our buffers; edi = to, its pitch in ebp; edx = width, ecx = height.
; Not by rep movs: that is slow wherever the processor is software.
copy_box:
    lea esi, [esi + edx * 2]
    lea edi, [edi + edx * 2]
    add edx, edx
    neg edx                     ; counts up to the end of the row
.row:
    mov eax, edx
.piece:
    movq mm0, [esi + eax]
    movq mm1, [esi + eax + 8]
    movq mm2, [esi + eax + 16]
    movq mm3, [esi + eax + 24]
    movq [edi + eax], mm0
    movq [edi + eax + 8], mm1
    movq [edi + eax + 16], mm2
    movq [edi + eax + 24], mm3
    add eax, 2 * COPY_PIXELS
    jnz .piece
    add esi, PITCH
    add edi, ebp
    dec ecx
    jnz .row
    ret

present_all:
    pusha
    mov esi, whole_screen
    call present_box
    popa
    ret

align 4
whole_screen    dd 0, 0, SCREEN_W, SCREEN_H

; Changes what the screen shows: al = SHOW_*.  The picture lives on behind a black or blue screen and comes back at once.
show_set:
    pusha
    mov [show], al
    cmp al, SHOW_PICTURE
    je .picture
    xor edx, edx
    cmp al, SHOW_BLACK
    je .fill
    mov edx, BLUE << 16 | BLUE
.fill:
    mov ebx, SCREEN_H
    mov ebp, [screen_base]
.row:
    mov edi, ebp
    mov ecx, SCREEN_W / 2
    mov eax, edx
    rep stosd
    add ebp, [screen_pitch]
    dec ebx
    jnz .row
    cmp byte [show], SHOW_FATAL
    jne .out
    call fatal_text
.out:
    popa
    ret
.picture:
    call present_all
    popa
    ret

; Writes straight to the card: the canvas keeps the picture.
fatal_text:
    push dword [target]
    mov edi, [screen_base]
    cmp dword [screen_pitch], PITCH
    jne .out                    ; a card with padded rows gets the plain blue screen
    mov [target], edi
    call clip_all
    mov ebx, 128
    mov ecx, 320
    mov edx, 2
    mov ax, 0xffff
    mov esi, text_fatal_1
    call draw_text
    add ecx, 48
    mov esi, text_fatal_2
    call draw_text
.out:
    pop dword [target]
    ret

text_fatal_1    db 'A fatal exception has derailed the train.', 0
text_fatal_2    db 'Press F10 to put it back on the track.', 0
