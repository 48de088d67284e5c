/// @description move the player
function move() {
  var speed_now = 4;
  if (keyboard_check(vk_left)) {
    x -= speed_now;
  }
  if (place_meeting(x, y, obj_wall)) {
    instance_destroy();
  }
}
