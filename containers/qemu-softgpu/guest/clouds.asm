; Clouds drift slowly, all in the same wind, in a band of the sky where nothing else is: so they live in the background and cost next to nothing.

CLOUDS          equ 3
WIND_EVERY      equ 4           ; ticks a pixel

struc cloud
    .start      resd 1
    .y          resd 1
    .shape      resd 1
endstruc

; One tick of wind
clouds_step:
    dec dword [until_wind]
    jns .out
    mov dword [until_wind], WIND_EVERY - 1
    inc dword [cloud_drift]
    mov byte [clouds_changed], 1
.out:
    ret

; Before frame_begin, as the panel.  First all get their sky back, then all are drawn: they may overlap.
clouds_update:
    xor al, al
    xchg al, [clouds_changed]
    test al, al
    jz .out
    mov dword [target], BACKGROUND
    call clip_scene
    mov ebp, cloud_wipe
    call each_cloud
    mov ebp, cloud_draw
    call each_cloud
.out:
    ret

; ebp = what to do: with esi = cloud, ebx, ecx = its origin, eax = its slot
each_cloud:
    mov esi, clouds
    mov edi, SLOT_CLOUD
.next:
    mov eax, [esi + cloud.start]
    add eax, [cloud_drift]
    xor edx, edx
    mov ebx, SCREEN_W + 2 * CLOUD_W
    div ebx
    lea ebx, [edx - CLOUD_W]
    mov ecx, [esi + cloud.y]
    mov eax, edi
    pusha
    call ebp
    popa
    add esi, cloud_size
    inc edi
    cmp edi, SLOT_CLOUD + CLOUDS
    jb .next
    ret

cloud_draw:
    mov esi, [esi + cloud.shape]
    jmp draw_list

cloud_wipe:
    sub ebx, CLOUD_W / 2 + 1    ; one more, where it was before
    sub ecx, CLOUD_TOP
    mov edx, CLOUD_W + 2
    mov edi, CLOUD_H
    call mark_dirty
    add edx, ebx
.row:
    mov ax, [sky_rows + ecx * 2]
    call hline
    inc ecx
    dec edi
    jnz .row
    ret

align 4
clouds:
    dd 300, 226, art_cloud
    dd 700, 254, art_small_cloud
    dd 1010, 236, art_cloud
